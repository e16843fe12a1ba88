// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder with a head that gives each row a score per class, as `*ForSequenceClassification`.
///
/// BERT classifies its pooled output; XLM-R runs the first token through a layer of the head's own.
public struct SequenceClassifier {
  /// The encoder.
  public var encoder: Encoder
  private let dense: Linear?
  private let output: Linear

  /// Builds encoder and head from the root of a task checkpoint.
  public init(
    _ scope: ParameterScope, _ configuration: EncoderConfiguration, classCount: Int
  ) throws {
    let isBERT = configuration.family == .bert
    let hidden = configuration.hiddenSize
    encoder = try Encoder(
      scope[configuration.family.prefix], configuration, withPooler: isBERT)
    let head = scope["classifier"]
    dense = isBERT ? nil : try Linear(head["dense"], inputs: hidden, outputs: hidden)
    output = try Linear(isBERT ? head : head["out_proj"], inputs: hidden, outputs: classCount)
  }

  /// Logits `[rows, classes]`.
  public func logits(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor {
    if let pooled = try encoder.pooled(states, batch) { return try output(pooled) }
    let first = try Pooling.first(states, batch)
    return try output(dense?(first, activation: .tanh) ?? first)
  }
}
