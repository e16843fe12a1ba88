// SPDX-License-Identifier: Apache-2.0

import Torch

/// A BERT-style encoder: BERT, mBERT, RoBERTa, XLM-R and multilingual E5.
///
/// # Shapes
/// | what | shape |
/// |---|---|
/// | states | `[tokens, hidden]`, tokens of all rows end to end, see ``PackedBatch`` |
/// | pooled | `[rows, hidden]` |
public struct Encoder {
  /// The encoder's shape.
  public let configuration: EncoderConfiguration
  let embeddings: TextEmbeddings
  let layers: [EncoderLayer]
  let pooler: Linear?

  /// Builds the encoder from a scope that holds `embeddings` and `encoder`; a pooler where there is one.
  public init(
    _ scope: ParameterScope, _ configuration: EncoderConfiguration, withPooler: Bool? = nil
  ) throws {
    self.configuration = configuration
    embeddings = try TextEmbeddings(scope["embeddings"], configuration)
    layers = try (0..<configuration.layerCount).map { index in
      try EncoderLayer(scope["encoder"]["layer", index], configuration)
    }
    let hidden = configuration.hiddenSize
    let poolerScope = scope["pooler", "dense"]
    pooler =
      withPooler ?? poolerScope.contains("weight")
      ? try Linear(poolerScope, inputs: hidden, outputs: hidden) : nil
  }

  /// The last layer's states.
  public func callAsFunction(
    _ batch: PackedBatch, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    try states(batch, through: layers.count, dropout: dropout)
  }

  /// The states after the first `depth` layers; 0 gives the embeddings.
  public func states(
    _ batch: PackedBatch, through depth: Int, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    let embedded = try embeddings(batch).dropout(dropout.hidden)
    return try states(embedded, batch, layers: 0..<depth, dropout: dropout)
  }

  /// States carried on through some layers, from states that were computed (and kept) before.
  public func states(
    _ input: Tensor, _ batch: PackedBatch, layers range: Range<Int>, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    var states = input
    for layer in layers[range] { states = try layer(states, batch, dropout: dropout) }
    return states
  }

  /// The states of all depths, embeddings first.
  public func allStates(_ batch: PackedBatch) throws(TorchError) -> [Tensor] {
    var all = [try embeddings(batch)]
    for layer in layers { all.append(try layer(all[all.count - 1], batch, dropout: .none)) }
    return all
  }

  /// BERT's pooled output: the first token's state through a layer with tanh; nil without a pooler.
  public func pooled(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor? {
    guard let pooler else { return nil }
    return try pooler(Pooling.first(states, batch), activation: .tanh)
  }
}
