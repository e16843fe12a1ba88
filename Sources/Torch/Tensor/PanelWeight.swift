// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// A linear map's weight in single precision with its bias, laid out for Koine's own products without gradients.
///
/// For processors with AVX-512; see ``isSupported``. Others use oneDNN's, ``Tensor/packedForLinear()``.
public struct PanelWeight {
  /// Whether this processor has what the kernel needs.
  public static let isSupported = ctorch_packed_linear_is_here()

  /// Width of what comes out.
  public let outputs: Int
  /// Values `[panels, inputs, 64]` and biases `[panels × 64]`.
  let parts: [Tensor]

  /// Lays out a weight `[outputs, inputs]` as it is now, with its bias `[outputs]`.
  public init(_ weight: Tensor, bias: Tensor?) throws(TorchError) {
    var results = [OpaquePointer?](repeating: nil, count: 2)
    try check(
      ctorch_packed_weight(weight.reference, bias?.reference, &results), at: "packed weight")
    outputs = weight.shape[0]
    parts = results.compactMap { $0.map(Tensor.init(owning:)) }
  }

  /// `x Wᵀ + b`, then `activation`, then plus `residual`.
  ///
  /// - Parameters:
  ///   - input: `[..., inputs]` in single precision.
  ///   - activation: applied to the sum; none by default.
  ///   - residual: `[..., outputs]`, added after the activation.
  /// - Returns: `[..., outputs]`.
  public func callAsFunction(
    _ input: Tensor, activation: Tensor.Activation? = nil, adding residual: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    guard !GradientMode.isEnabled else {
      throw TorchError(.operation, "this kernel has no gradients", at: "packed product")
    }
    var result: OpaquePointer?
    let parts = parts.map { Optional($0.reference) }
    try check(
      ctorch_packed_linear(
        input.reference, parts, Int64(outputs), activation?.number ?? 0, residual?.reference,
        &result), at: "packed product")
    guard let result else { throw TorchError(.operation, "no result", at: "packed product") }
    return Tensor(owning: result)
  }
}
