// SPDX-License-Identifier: Apache-2.0

import Transformers

extension LanguageModelTuner {
  /// What is guessed.
  public enum Objective: String, Sendable, Codable, CaseIterable {
    /// Hidden pieces (``MaskedLanguageObjective``).
    case masked
    /// Each piece from those before it (``CausalLanguageObjective``).
    case causal
  }

  /// What is learned beside the plan.
  public struct Settings: Sendable, Equatable, Codable {
    /// What is guessed; hidden pieces.
    public var objective = Objective.masked
    /// What is hidden, where hidden pieces are guessed.
    public var masking = TokenMasking()
    /// The share of pieces to hide in text of a language, by its name, in place of the masking's own.
    public var maskRates: [String: Double] = [:]
    /// How far languages are evened out (``LanguageSampling``); 1, not at all.
    public var temperature = 1.0
    /// Whether guesses are among all pieces that the base has, and not only those that occur in the text; false.
    public var scoresAllPieces = false
    /// Whether the head learns too; true.
    ///
    /// A head that several languages' adapters share should stay as it is.
    public var movesHead = true
    /// What guesses count beside the anchor; 1.
    ///
    /// With 0 nothing is hidden and the head does not learn: the anchor alone says what the adapter should do.
    public var guessWeight = 1.0
    /// How strongly texts' vectors are held where they were, or where the source language's are (``SentenceAnchor``); 0 for
    /// not at all.
    public var anchorWeight = 0.0

    /// Masking as published, guesses among the pieces that occur, a head that learns, no anchor.
    public init() {}

    /// Refuses settings that cannot be, or would not be used.
    ///
    /// - Parameters:
    ///   - method: what moves beside the head.
    ///   - rows: the text to learn from.
    ///   - hasSource: whether there is text of the source language.
    func validate(
      _ method: TuningMethod, _ rows: LanguageRows, hasSource: Bool
    ) throws(TrainingError) {
      try masking.validate()
      try LanguageNoise(masking.rate, maskRates).validate(rows)
      try LanguageSampling.validate(temperature: temperature, rows)
      let (guesses, anchor) = (guessWeight, anchorWeight)
      guard guesses >= 0, anchor >= 0, guesses.isFinite, anchor.isFinite else {
        throw TrainingError(
          .plan,
          "'guessWeight' and 'anchorWeight' must be at least 0, found \(guesses) and \(anchor)")
      }
      let isAnchored = anchor > 0 && method != .head
      guard objective == .masked || guesses > 0 && anchor == 0 && maskRates.isEmpty else {
        throw TrainingError(
          .plan,
          "an anchor holds vectors of texts that are read from both sides and 'maskRates' say what is hidden, and 'objective' is "
            + "causal; leave 'anchorWeight', 'guessWeight' and 'maskRates' out, or guess hidden pieces"
        )
      }
      guard guesses > 0 || isAnchored else {
        throw TrainingError(
          .plan,
          "'guessWeight' is 0 and nothing else says what to learn; set it, or 'anchorWeight' for an adapter or the body"
        )
      }
      guard !hasSource || isAnchored else {
        throw TrainingError(
          .plan,
          "text of the source language is only used by an anchor; set 'anchorWeight' above 0 for an adapter or the body, "
            + "or leave the text out")
      }
      guard method != .head || movesHead else {
        throw TrainingError(
          .plan, "neither the head nor anything else moves; let one of them learn")
      }
    }
  }

  /// What a training came to.
  public struct Tuned {
    /// The model as it is now, with the adapter, over all pieces.
    public var model: MaskedLanguageModel
    /// The head's parameters.
    public var head: LanguageModelHead
    /// The adapter that was trained, where the method trains one; it names its body.
    public var adapter: Adapter?
    /// How it went.
    public var course: PretrainingCourse
  }
}
