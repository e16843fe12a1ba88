// SPDX-License-Identifier: Apache-2.0

import Torch

/// The sum of word, position and type embeddings, normalised (Devlin and others, 2019).
///
/// # Shapes
/// | tensor | shape |
/// |---|---|
/// | ids, positions, types | `[tokens]` |
/// | output | `[tokens, hidden]` |
struct TextEmbeddings {
  var words: Tensor
  let positions: Tensor
  let types: Tensor
  let norm: Norm
  var paddingID: Int
  /// Virtual tokens in front of rows.
  var prefixes: [(tokens: Range<Int>?, length: Int)] = []
  private let positionPaddingID: Int

  init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    let hidden = configuration.hiddenSize
    let spread = Initializer.normal(configuration.initializerRange)
    words = try scope["word_embeddings"].parameter(
      "weight", [configuration.vocabularySize, hidden], spread)
    positions = try scope["position_embeddings"].parameter(
      "weight", [configuration.positionCount, hidden], spread)
    types = try scope["token_type_embeddings"].parameter(
      "weight", [configuration.typeCount, hidden], spread)
    norm = try Norm(
      scope["LayerNorm"], width: hidden, epsilon: configuration.layerNormEpsilon)
    paddingID = configuration.paddingID
    // XLM-R reserves a position for padding, whose row is not trained; BERT does not.
    positionPaddingID = configuration.positionOffset > 0 ? configuration.paddingID : -1
  }

  func callAsFunction(_ batch: PackedBatch) throws(TorchError) -> Tensor {
    let word = try words.embedding(batch.ids, padding: paddingID)
    let position = try positions.embedding(shifted(batch.positions), padding: positionPaddingID)
    let type = try types.embedding(batch.types)
    return try norm(word.adding(type).adding(position))  // [tokens, hidden]
  }

  /// Positions behind those of prefixes, which tokens of some rows or of all have in front of them.
  private func shifted(_ positions: Tensor) throws(TorchError) -> Tensor {
    guard !prefixes.isEmpty else { return positions }
    var shifted = try positions.elements(as: Int32.self)
    for prefix in prefixes {
      for token in (prefix.tokens ?? shifted.indices).clamped(to: shifted.indices) {
        shifted[token] += Int32(prefix.length)
      }
    }
    return try Tensor(shifted)
  }
}
