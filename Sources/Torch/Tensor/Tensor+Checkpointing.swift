// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  /// What `part` makes of this tensor, without keeping its insides for gradients: they are computed again when those are.
  ///
  /// Less memory for about a third more time. Draws of the engine's generator are repeated, so that dropout drops the same and
  /// gradients are those of `part` itself. Where this tensor needs no gradient, `part` is simply run. Gradients reach what `part`
  /// uses beside its input only where that is a leaf.
  ///
  /// Source: Chen and others, "Training deep nets with sublinear memory cost", 2016.
  public func checkpointed(
    _ part: @escaping (Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> Tensor {
    guard GradientMode.isEnabled, requiresGradient else { return try part(self) }
    let kept = KeptPart(part)
    var result: OpaquePointer?
    let status = ctorch_checkpoint(
      reference,
      { context, input in
        guard let context, let input else { return nil }
        let kept = Unmanaged<KeptPart>.fromOpaque(context).takeUnretainedValue()
        return kept.run(input)
      }, Unmanaged.passRetained(kept).toOpaque(),
      { context in if let context { Unmanaged<KeptPart>.fromOpaque(context).release() } }, &result)
    if status != 0, let error = kept.error { throw error }
    try check(status, at: "checkpointing")
    guard let result else { throw TorchError(.operation, "no result", at: "checkpointing") }
    return Tensor(owning: result)
  }
}

/// A part that the engine runs now and once more.
private final class KeptPart {
  let part: (Tensor) throws(TorchError) -> Tensor
  var error: TorchError?

  init(_ part: @escaping (Tensor) throws(TorchError) -> Tensor) { self.part = part }

  /// The part's result, which becomes the engine's; nil where it fails.
  func run(_ input: OpaquePointer) -> OpaquePointer? {
    do throws(TorchError) {
      let result = try part(Tensor(owning: ctorch_tensor_retain(input)))
      return ctorch_tensor_retain(result.reference)
    } catch {
      self.error = error
      return nil
    }
  }
}

/// What ``Tensor/trainingLinear(_:_:change:)`` multiplies in, per thread.
public enum ProductPrecision: String, Sendable, Equatable, Codable, CaseIterable {
  /// Single precision.
  case float32
  /// Factors are rounded to bfloat16; sums, results and all else stay in single precision.
  case bfloat16

  /// Runs `body` with products in this precision; gradients of what it computes are too.
  public func callAsFunction<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let previous = ctorch_half_products_set(self == .bfloat16)
    defer { _ = ctorch_half_products_set(previous) }
    return try body()
  }
}
