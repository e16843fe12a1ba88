// SPDX-License-Identifier: Apache-2.0

import Torch

/// x Wᵀ + b.
///
/// # Shapes
/// | tensor | shape |
/// |---|---|
/// | input | `[..., inputs]` |
/// | `weight` | `[outputs, inputs]` |
/// | `bias` | `[outputs]` |
/// | output | `[..., outputs]` |
public struct Linear {
  let weight: Tensor
  let bias: Tensor
  /// The weight as oneDNN reads it, for inference; see ``packed()``.
  private var packedWeight: Tensor?

  /// A map between two widths; initial weights are normal(0, 0.02), biases zero.
  public init(_ scope: ParameterScope, inputs: Int, outputs: Int) throws {
    weight = try scope.parameter("weight", [outputs, inputs])
    bias = try scope.parameter("bias", [outputs], .constant(0))
  }

  /// The map, and an activation after it.
  public func callAsFunction(
    _ input: Tensor, activation: Tensor.Activation? = nil
  ) throws(TorchError) -> Tensor {
    if let packedWeight, !GradientMode.isEnabled {
      return try input.fusedLinear(packedWeight, bias, activation: activation)
    }
    return try input.linear(weight, bias, activation: activation)
  }

  /// The map's result plus `residual`, `[..., outputs]`; `dropout` falls on the result.
  func callAsFunction(
    _ input: Tensor, adding residual: Tensor, dropout: Double
  ) throws(TorchError) -> Tensor {
    if let packedWeight, !GradientMode.isEnabled, dropout == 0 {
      return try input.fusedLinear(packedWeight, bias, adding: residual)
    }
    return try self(input).dropout(dropout).adding(residual)
  }

  /// The same map with its weight, as it is now, laid out once for all products to come.
  func packed() throws(TorchError) -> Linear {
    var result = self
    result.packedWeight = try weight.packedForLinear()
    return result
  }
}
