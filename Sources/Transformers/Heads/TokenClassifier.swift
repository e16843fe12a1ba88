// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder with a head that gives each token a score per class, as `*ForTokenClassification`.
public struct TokenClassifier {
  /// The encoder.
  public var encoder: Encoder
  private let output: Linear

  /// Builds encoder and head from the root of a task checkpoint.
  public init(
    _ scope: ParameterScope, _ configuration: EncoderConfiguration, classCount: Int
  ) throws {
    encoder = try Encoder(scope[configuration.family.prefix], configuration, withPooler: false)
    output = try Linear(
      scope["classifier"], inputs: configuration.hiddenSize, outputs: classCount)
  }

  /// Logits `[tokens, classes]`.
  public func logits(_ states: Tensor) throws(TorchError) -> Tensor {
    try output(states)
  }
}
