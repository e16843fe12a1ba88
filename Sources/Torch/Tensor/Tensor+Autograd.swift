// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  private enum Operators {
    static let detach = Operator("aten::detach")
  }

  /// Whether operations on this tensor are recorded.
  public var requiresGradient: Bool { ctorch_tensor_requires_gradient(reference) }

  /// Starts or stops recording operations on this leaf.
  public func setRequiresGradient(_ value: Bool = true) throws(TorchError) {
    try check(ctorch_tensor_set_requires_gradient(reference, value), at: "requires_grad_")
  }

  /// Adds d self / d leaf to the gradient of each leaf that this scalar depends on.
  public func backward() throws(TorchError) {
    try check(ctorch_tensor_backward(reference), at: "backward")
  }

  /// The gradient that has been accumulated, or nil.
  public func gradient() throws(TorchError) -> Tensor? {
    var result: OpaquePointer?
    try check(ctorch_tensor_gradient(reference, &result), at: "grad")
    return result.map(Tensor.init(owning:))
  }

  /// Drops the gradient.
  public func clearGradient() throws(TorchError) {
    try check(ctorch_tensor_clear_gradient(reference), at: "grad")
  }

  /// The same memory, cut off from the recording.
  public func detached() throws(TorchError) -> Tensor {
    try Operators.detach(self)
  }
}

/// Whether operations are recorded for gradients, per thread, as libtorch has it.
public enum GradientMode {
  /// Whether this thread records.
  public static var isEnabled: Bool { ctorch_gradient_mode() }

  /// Runs `body` with recording off.
  ///
  /// Synchronous on purpose: the mode belongs to the thread, and must not leak over a suspension.
  public static func disabled<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try with(false, body)
  }

  /// Runs `body` with recording on.
  public static func enabled<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try with(true, body)
  }

  /// Runs `body` with recording on or off.
  public static func with<Result, Failure: Error>(
    _ mode: Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let previous = ctorch_gradient_mode_set(mode)
    defer { _ = ctorch_gradient_mode_set(previous) }
    return try body()
  }
}
