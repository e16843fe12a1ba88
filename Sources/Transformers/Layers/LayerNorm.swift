// SPDX-License-Identifier: Apache-2.0

import Torch

/// Layer normalisation over the last dimension (Ba and others, 2016).
///
/// # Shapes
/// Input and output `[..., width]`, `weight` and `bias` `[width]`.
public struct LayerNorm {
  let weight: Tensor
  let bias: Tensor
  let epsilon: Double

  /// A normalisation of a width; the weight starts at one, the bias at zero.
  public init(_ scope: ParameterScope, width: Int, epsilon: Double) throws {
    weight = try scope.parameter("weight", [width], .constant(1))
    bias = try scope.parameter("bias", [width], .constant(0))
    self.epsilon = epsilon
  }

  /// The normalised input.
  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
  }
}
