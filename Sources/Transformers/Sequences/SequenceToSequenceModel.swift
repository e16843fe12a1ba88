// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder-decoder that writes text for text: T5, mT5, MarianMT, M2M100, NLLB.
///
/// # Shapes
/// | what | shape |
/// |---|---|
/// | the encoder's states | `[source tokens, hidden]`, rows end to end, see ``PackedBatch`` |
/// | the decoder's states | `[target tokens, hidden]` |
/// | logits | `[target tokens, vocabulary]` |
public struct SequenceToSequenceModel {
  /// The model's shape.
  public let configuration: SequenceConfiguration
  var encoder: SequenceStack
  var decoder: SequenceStack
  private(set) var head: Linear
  private let headScale: Double

  /// Builds the model from the root of a checkpoint.
  public init(_ scope: ParameterScope, _ configuration: SequenceConfiguration) throws {
    self.configuration = configuration
    let plain = SequenceNames.names(configuration.family)
    let names = configuration.isGated ? plain.gated() : plain
    let words = try Self.words(scope, configuration, names)
    encoder = try SequenceStack(
      scope, configuration, names.encoder, words: words.encoder, isDecoder: false)
    decoder = try SequenceStack(
      scope, configuration, names.decoder, words: words.decoder, isDecoder: true)
    let (count, hidden) = (configuration.targetVocabularySize, configuration.hiddenSize)
    let bias = try names.logitsBias.map { try scope.buffer($0, [1, count]).reshaped([count]) }
    // Since version 5 transformers says "tied" of T5 models whose head is its own; the weights tell.
    let hasOwnHead =
      (configuration.family == .mt5 || configuration.headScale == 1) && configuration.isT5
      && scope.store.filesContain("\(names.head).weight")
    let isTied = configuration.tiesHead && !hasOwnHead
    headScale = isTied ? configuration.headScale : 1
    head =
      isTied
      ? Linear(name: names.head, weight: words.decoder, bias: bias)
      : Linear(
        name: names.head, weight: try scope[names.head].parameter("weight", [count, hidden]),
        bias: bias)
  }

  /// The tables of words: one for both stacks, or one each, by any of the names that one table goes by.
  private static func words(
    _ scope: ParameterScope, _ configuration: SequenceConfiguration, _ names: SequenceNames
  ) throws -> (encoder: Tensor, decoder: Tensor) {
    let spread = Initializer.normal(configuration.isT5 ? 1 : 0.02)
    let (hidden, count) = (configuration.hiddenSize, configuration.vocabularySize)
    guard configuration.sharesWords else {
      return (
        try scope.parameter(names.encoder.words, [count, hidden], spread),
        try scope.parameter(
          names.decoder.words, [configuration.targetVocabularySize, hidden], spread)
      )
    }
    var aliases = [names.sharedWords, names.encoder.words, names.decoder.words]
    if configuration.tiesHead { aliases.append("\(names.head).weight") }
    let found = aliases.first(where: scope.contains) ?? names.sharedWords
    let words = try scope.parameter(found, [count, hidden], spread)
    return (words, words)
  }

  /// The encoder's states of packed rows, `[tokens, hidden]`.
  public func encode(
    _ batch: PackedBatch, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    try encoder(batch, dropout: dropout)
  }

  /// The decoder's states for given targets, each token of which sees those up to itself.
  ///
  /// - Parameters:
  ///   - pairs: the rows of both sides.
  ///   - memory: what ``encode(_:dropout:)`` made of the pairs' sources.
  ///   - dropout: probabilities of dropping elements.
  /// - Returns: `[target tokens, hidden]`, after the last normalisation where the family has one.
  public func decode(
    _ pairs: SequencePairs, memory: Tensor, dropout: Dropout = .none
  ) throws(TorchError) -> Tensor {
    try decoder(
      pairs.target, memory: (memory, AttentionRows(pairs.target, to: pairs.source)),
      dropout: dropout)
  }

  /// Scores of all pieces for each of the decoder's states, `[..., vocabulary]`.
  public func logits(_ states: Tensor) throws(TorchError) -> Tensor {
    try head(headScale == 1 ? states : states.multiplied(by: headScale))
  }

  /// The same model with its weights, as they are now, laid out for inference.
  ///
  /// Faster, for a copy of the weights in memory. Later changes to the weights do not reach it.
  public func packed() throws(TorchError) -> SequenceToSequenceModel {
    var result = self
    result.encoder = try encoder.packed()
    result.decoder = try decoder.packed()
    result.head = try head.packed(forSteps: true)
    return result
  }

  /// Packs source rows for ``encode(_:dropout:)``.
  public func sourceBatch(_ rows: [[Int32]]) throws -> PackedBatch {
    try PackedBatch(rows, configuration.rowRules(isTarget: false))
  }
}
