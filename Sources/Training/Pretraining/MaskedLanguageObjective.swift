// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Guessing hidden pieces of text (masked language modelling; Devlin and others, 2019).
///
/// What is hidden is drawn anew each time that a row is seen (Liu and others, 2019). Only the states of tokens to guess go through the
/// head, and where the model is restricted to the pieces that occur, a guess is among those alone: of a quarter of a million pieces that
/// is a hundredth of the time, for the same order of scores. The probability of other pieces is then not pushed down, and losses are
/// lower than over all pieces; compare only those of the same pieces.
public struct MaskedLanguageObjective: LanguageObjective {
  /// The model as it learns.
  let model: MaskedLanguageModel
  /// The model as it is judged.
  let resting: MaskedLanguageModel
  /// The pieces that the models are restricted to; nil for all.
  let pieces: PieceSubset?
  /// Rows to learn from.
  public let rows: LanguageRows
  /// Rows to judge by.
  public let development: LanguageRows?
  /// How often rows of each language are gone through.
  public let sampling: LanguageSampling
  let vocabulary: MaskingVocabulary
  let masking: TokenMasking
  let noise: LanguageNoise
  /// Whether nothing in the body moves, so that no gradients have to go through it.
  let isFrozen: Bool
  let guessWeight: Double
  let anchor: SentenceAnchor?

  /// Text to guess hidden pieces of.
  ///
  /// - Parameters:
  ///   - model: the model as it learns, with adapters' dropout.
  ///   - resting: the model as it is judged; the same one by default.
  ///   - pieces: the pieces that both are restricted to (``MaskedLanguageModel/restricted(to:)``); nil for all.
  ///   - rows: token ids, each with something to hide.
  ///   - development: rows to judge by; none by default.
  ///   - vocabulary: what may be hidden.
  ///   - masking: how much of it.
  ///   - rates: the share to hide in rows of a language, by its name, in place of the masking's own; none by default.
  ///   - temperature: how far languages are evened out (``LanguageSampling``); 1 by default, not at all.
  ///   - isFrozen: whether only the head moves; false by default.
  ///   - guessWeight: what guesses count beside an anchor; 1 by default, with 0 nothing is hidden.
  ///   - anchor: what holds the vectors of texts where they were; nil, the default, for nothing.
  public init(
    _ model: MaskedLanguageModel, resting: MaskedLanguageModel? = nil, pieces: PieceSubset? = nil,
    _ rows: LanguageRows, development: LanguageRows? = nil, _ vocabulary: MaskingVocabulary,
    _ masking: TokenMasking = TokenMasking(), rates: [String: Double] = [:],
    temperature: Double = 1, isFrozen: Bool = false, guessWeight: Double = 1,
    anchor: SentenceAnchor? = nil
  ) {
    (self.model, self.resting, self.pieces) = (model, resting ?? model, pieces)
    (self.rows, self.development, self.vocabulary) = (rows, development, vocabulary)
    (self.masking, noise) = (masking, LanguageNoise(masking.rate, rates))
    self.isFrozen = isFrozen
    sampling = LanguageSampling(rows.languages, temperature: temperature)
    (self.guessWeight, self.anchor) = (anchor == nil ? 1 : guessWeight, anchor)
  }

  /// The mean cross-entropy of the hidden pieces of some rows, and what an anchor adds.
  public func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    if let anchor, guessWeight == 0 {
      let ids = examples.map { rows.rows[$0] }
      let batch = try PackedBatch(
        pieces?.renumbered(ids) ?? ids, for: model.encoder.configuration)
      return try anchor.loss(model.encoder(batch, dropout: dropout), batch, examples)
    }
    var generator = Shuffler(seed: try Engine.draw())
    let batch = try TargetBatch(
      examples.map { hidden(rows, $0, using: &generator) }, pieces,
      for: model.encoder.configuration)
    let states =
      isFrozen
      ? try GradientMode.disabled { try resting.encoder(batch.packed) }
      : try model.encoder(batch.packed, dropout: dropout)
    let loss = try batch.loss(states, model)
    guard let anchor, !isFrozen else { return loss }
    return try anchor.loss(states, batch.packed, examples).adding(loss, scale: guessWeight)
  }

  /// How well hidden pieces of rows are guessed; nil where the rows have nothing to hide.
  ///
  /// What is hidden depends on the rows alone, so that scores can be compared.
  public func score(_ rows: LanguageRows) throws -> LanguageModelScore? {
    var generator = Shuffler(seed: 0x51ed_270b)
    let targets = rows.rows.indices.map { hidden(rows, $0, using: &generator) }
    return try LanguageModelScore(targets, by: resting, pieces)
  }

  /// A row with pieces hidden anew, as many as suit its language.
  private func hidden(
    _ rows: LanguageRows, _ row: Int, using generator: inout Shuffler
  ) -> TokenTargets {
    var masking = masking
    masking.rate = noise.rate(rows.languages[row])
    return masking.masked(rows.rows[row], vocabulary, using: &generator)
  }
}
