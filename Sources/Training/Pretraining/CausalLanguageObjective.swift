// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Guessing each piece of text from those before it (causal language modelling, as XLM's; Conneau and Lample, 2019).
///
/// The encoder's tokens see those up to themselves (``Encoder/isCausal``), and each state says through the head of a masked language
/// model which piece comes next. The loss is the mean cross-entropy of the pieces behind ``LanguageRows/frontLength``, the end's token included; with
/// all pieces it is that of transformers' `BertLMHeadModel` and `XLMRobertaForCausalLM` with `is_decoder`. Every piece is guessed in every
/// pass, not one in seven, but from one side alone: what it makes of an encoder is a model that writes more than one that reads.
public struct CausalLanguageObjective: LanguageObjective {
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
  /// Whether nothing in the body moves, so that no gradients have to go through it.
  let isFrozen: Bool

  /// Text to guess piece by piece.
  ///
  /// - Parameters:
  ///   - model: the model as it learns, with adapters' dropout; its encoder becomes causal.
  ///   - resting: the model as it is judged; the same one by default.
  ///   - pieces: the pieces that both are restricted to (``MaskedLanguageModel/restricted(to:)``); nil for all.
  ///   - rows: rows, each longer than what stands in front of it, which is read and never guessed.
  ///   - development: rows to judge by; none by default.
  ///   - temperature: how far languages are evened out (``LanguageSampling``); 1 by default, not at all.
  ///   - isFrozen: whether only the head moves; false by default.
  public init(
    _ model: MaskedLanguageModel, resting: MaskedLanguageModel? = nil, pieces: PieceSubset? = nil,
    _ rows: LanguageRows, development: LanguageRows? = nil, temperature: Double = 1,
    isFrozen: Bool = false
  ) {
    func causal(_ model: MaskedLanguageModel) -> MaskedLanguageModel {
      var model = model
      model.encoder.isCausal = true
      return model
    }
    (self.model, self.resting) = (causal(model), causal(resting ?? model))
    (self.pieces, self.rows, self.development) = (pieces, rows, development)
    sampling = LanguageSampling(rows.languages, temperature: temperature)
    self.isFrozen = isFrozen
  }

  /// The mean cross-entropy of the pieces of some rows, each given those before it.
  public func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    let batch = try TargetBatch(
      examples.map { targets(of: rows.rows[$0]) }, pieces, for: model.encoder.configuration)
    let states =
      isFrozen
      ? try GradientMode.disabled { try resting.encoder(batch.packed) }
      : try model.encoder(batch.packed, dropout: dropout)
    return try batch.loss(states, model)
  }

  /// How well the pieces of rows are guessed; nil where there are none.
  public func score(_ rows: LanguageRows) throws -> LanguageModelScore? {
    try LanguageModelScore(rows.rows.map(targets), by: resting, pieces)
  }

  /// The row without its last token, of which no state is needed, and what comes next at each place.
  func targets(of row: [Int32]) -> TokenTargets {
    let first = max(1, rows.frontLength)
    guard row.count > first else { return TokenTargets(ids: row, places: [], targets: []) }
    return TokenTargets(
      ids: Array(row.dropLast()), places: Array(first - 1..<row.count - 1),
      targets: Array(row[first...]))
  }
}
