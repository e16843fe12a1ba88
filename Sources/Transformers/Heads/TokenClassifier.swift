// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder with a head that gives each token a score per class, as `*ForTokenClassification`.
///
/// With two classes it is the head of `*ForQuestionAnswering`, whose scores are a start and an end.
public struct TokenClassifier {
  /// The encoder.
  public let encoder: Encoder
  private let output: Linear

  /// Builds encoder and head from the root of a task checkpoint; `name` is `classifier` or `qa_outputs`.
  public init(
    _ scope: ParameterScope, _ configuration: EncoderConfiguration, classCount: Int,
    headName: String = "classifier"
  ) throws {
    encoder = try Encoder(scope[configuration.family.prefix], configuration, withPooler: false)
    output = try Linear(
      scope[headName], inputs: configuration.hiddenSize, outputs: classCount)
  }

  /// Logits `[tokens, classes]`.
  public func logits(_ states: Tensor) throws(TorchError) -> Tensor {
    try output(states)
  }
}
