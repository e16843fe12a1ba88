// SPDX-License-Identifier: Apache-2.0

import Torch

/// The encoder or the decoder of an encoder-decoder: embeddings, blocks and, after pre-norm blocks, a last norm.
///
/// # Shapes
/// Tokens in, states `[tokens, hidden]` out; in a decoder's step `[rows, hidden]`.
struct SequenceStack {
  let embeddings: SequenceEmbeddings
  private(set) var blocks: [Block]
  let relativePositions: RelativePositions?
  let finalNorm: Norm?
  private let isDecoder: Bool

  init(
    _ scope: ParameterScope, _ configuration: SequenceConfiguration, _ names: SequenceNames.Stack,
    words: Tensor, isDecoder: Bool
  ) throws {
    let stack = isDecoder ? configuration.decoder : configuration.encoder
    let block = configuration.block(stack)
    self.isDecoder = isDecoder
    embeddings = try SequenceEmbeddings(words: words, configuration)
    blocks = try (0..<stack.layerCount).map {
      try Block(scope[names.blocks, $0], block, names.block)
    }
    if case .relative(let buckets, let distance) = configuration.positions {
      relativePositions = try RelativePositions(
        scope[names.relativePositions], bucketCount: buckets, maximumDistance: distance,
        headCount: stack.headCount, isCausal: isDecoder)
    } else {
      relativePositions = nil
    }
    finalNorm = try names.finalNorm.map {
      try Norm(
        scope[$0], width: configuration.hiddenSize, epsilon: configuration.normEpsilon,
        kind: block.norm)
    }
  }

  /// The states of a batch's tokens; a decoder's rows see `memory`, the encoder's states.
  func callAsFunction(
    _ batch: PackedBatch, memory: (states: Tensor, rows: AttentionRows)? = nil, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let longest = batch.groups.map(\.length).max() ?? 0
    let rows = AttentionRows(
      batch, bias: try relativePositions?(queries: 0..<longest, keyCount: longest),
      isCausal: isDecoder)
    var states = try embeddings(batch).dropout(dropout.hidden)  // [tokens, hidden]
    for block in blocks {
      states = try block(states, rows, memory: memory, dropout: dropout)
    }
    guard let finalNorm else { return states }
    // T5 drops after its last norm; where there is one without, as in M2M100, the family has no dropout there.
    let normed = try finalNorm(states)
    return relativePositions == nil ? normed : try normed.dropout(dropout.hidden)
  }

  /// Lets `body` change each linear map.
  mutating func forEachLinear(_ body: (inout Linear) throws -> Void) rethrows {
    for index in blocks.indices { try blocks[index].forEachLinear(body) }
  }

  /// The same stack with packed weights; see ``Linear/packed()``.
  func packed() throws(TorchError) -> SequenceStack {
    var result = self
    result.blocks = []
    for block in blocks { result.blocks.append(try block.packed(forSteps: isDecoder)) }
    return result
  }
}

/// Words, scaled, and where positions are absolute a table of them (Vaswani and others, 2017).
struct SequenceEmbeddings {
  /// `[vocabulary, hidden]`.
  let words: Tensor
  private let positions: Tensor?
  private let scale: Double
  /// The row that gets no gradient from being looked up; -1 where each does, as in T5.
  private let paddingID: Int

  init(words: Tensor, _ configuration: SequenceConfiguration) throws {
    self.words = words
    scale = configuration.embeddingScale
    paddingID = configuration.isT5 ? -1 : configuration.paddingID
    let (count, width) = (configuration.maximumLength ?? 0, configuration.hiddenSize)
    switch configuration.positions {
    case .relative: positions = nil
    case .sinusoidal: positions = try SinusoidalPositions.marian(count: count, width: width)
    case .fairseqSinusoidal:
      positions = try SinusoidalPositions.fairseq(
        count: count + configuration.paddingID + 1, width: width,
        paddingID: configuration.paddingID)
    }
  }

  func callAsFunction(_ batch: PackedBatch) throws(TorchError) -> Tensor {
    try self(ids: batch.ids, positions: batch.positions)
  }

  /// Embeddings of tokens at positions, both `[tokens]`.
  func callAsFunction(ids: Tensor, positions places: Tensor) throws(TorchError) -> Tensor {
    var states = try words.embedding(ids, padding: paddingID)  // [tokens, hidden]
    if scale != 1 { states = try states.multiplied(by: scale) }
    guard let positions else { return states }
    return try states.adding(positions.embedding(places))
  }
}
