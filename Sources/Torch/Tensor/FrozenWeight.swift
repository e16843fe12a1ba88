// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// A linear map's weight and bias that stay as they are while something else learns, laid out for Koine's own products.
///
/// Only the input gets a gradient. In the place of ``Tensor/trainingLinear(_:_:change:)``, which lays a weight out anew for each
/// product, for processors with AVX-512; see ``PanelWeight/isSupported``.
public struct FrozenWeight {
  private let weight: PanelWeight
  private let turned: PanelWeight

  /// Lays out a weight `[outputs, inputs]` as it is now, with its bias `[outputs]`.
  public init(_ weight: Tensor, bias: Tensor?) throws(TorchError) {
    self.weight = try PanelWeight(weight, bias: bias)
    turned = try PanelWeight(weight.detached().transposed(), bias: nil)
  }

  /// `x Wᵀ + b` of an input `[..., inputs]` in single precision, `[..., outputs]`.
  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    var result: OpaquePointer?
    try check(
      ctorch_frozen_linear(
        input.reference, weight.parts.map { Optional($0.reference) },
        turned.parts.map { Optional($0.reference) }, Int64(weight.outputs), &result),
      at: "frozen linear")
    guard let result else { throw TorchError(.operation, "no result", at: "frozen linear") }
    return Tensor(owning: result)
  }
}
