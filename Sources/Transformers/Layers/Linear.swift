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

  /// A map between two widths; initial weights are normal(0, 0.02), biases zero.
  public init(_ scope: ParameterScope, inputs: Int, outputs: Int) throws {
    weight = try scope.parameter("weight", [outputs, inputs])
    bias = try scope.parameter("bias", [outputs], .constant(0))
  }

  /// The map, and an activation after it.
  public func callAsFunction(
    _ input: Tensor, activation: Tensor.Activation? = nil
  ) throws(TorchError) -> Tensor {
    try input.linear(weight, bias, activation: activation)
  }
}
