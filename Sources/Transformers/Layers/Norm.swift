// SPDX-License-Identifier: Apache-2.0

import Torch

/// A normalisation over the last dimension.
///
/// # Shapes
/// Input and output `[..., width]`, `weight` and `bias` `[width]`.
public struct Norm {
  /// Which normalisation.
  public enum Kind: Sendable {
    /// Mean zero, variance one, then weight and bias (Ba and others, 2016).
    case layer
    /// Mean square one, then weight; no bias (Zhang and Sennrich, 2019), as T5 has it.
    case rootMeanSquare
  }

  let weight: Tensor
  /// Nil where the mean is not taken away.
  let bias: Tensor?
  let epsilon: Double

  /// A normalisation of a width; the weight starts at one, the bias at zero.
  public init(_ scope: ParameterScope, width: Int, epsilon: Double, kind: Kind = .layer) throws {
    weight = try scope.parameter("weight", [width], .constant(1))
    bias = kind == .layer ? try scope.parameter("bias", [width], .constant(0)) : nil
    self.epsilon = epsilon
  }

  /// A layer normalisation by parameters that stand elsewhere.
  init(weight: Tensor, bias: Tensor, epsilon: Double) {
    (self.weight, self.bias, self.epsilon) = (weight, bias, epsilon)
  }

  /// The normalised input.
  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    guard let bias else { return try input.rmsNorm(weight: weight, epsilon: epsilon) }
    return try input.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
  }
}
