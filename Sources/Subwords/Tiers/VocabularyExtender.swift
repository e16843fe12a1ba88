// SPDX-License-Identifier: Apache-2.0

/// Adds a language to a vocabulary in use: new pieces stand behind the old ones, and no old id changes.
///
/// New pieces are learned as `UnigramTrainer` learns, with the old ones at hand: a piece is worth what it saves beside
/// them. The scores of both are brought to one scale by the pieces that old and new text share.
public struct VocabularyExtender: Sendable {
  /// How many pieces to add at most.
  public var pieceCount: Int
  /// Threads to compute with.
  public var threads = 1
  /// The id below which a tokenizer.json gets no new piece, as where an embedding matrix has more rows than there are
  /// pieces; the ids between are left unused.
  public var firstID = 0
  /// Whether a new piece may be taken, any by default; others are learned in the place of those that may not.
  public var admits: @Sendable (String) -> Bool = { _ in true }
  /// `seed_sentencepiece_size`.
  public var seedCount = 1_000_000

  /// Makes an extender.
  public init(pieceCount: Int) { self.pieceCount = pieceCount }

  /// What came of it.
  public struct Result<Vocabulary: Sendable>: Sendable {
    /// The vocabulary with the new pieces behind the old.
    public var model: Vocabulary
    /// How many pieces are new.
    public var added: Int
    /// Pieces that were found and given up, because they would have changed how old text is cut.
    public var givenUp: [String]
    /// Words of the old text that are now cut otherwise, with how often they stand there, the most frequent first; none
    /// unless changes were allowed.
    public var changed: [(word: String, count: Int64)]
    /// Tokens of the new text before and after.
    public var tokens: (before: Int64, after: Int64)
    /// Unknown tokens of the new text before and after.
    public var unknown: (before: Int64, after: Int64)

    /// The same numbers with another form of the vocabulary.
    public func with<Other: Sendable>(_ model: Other) -> VocabularyExtender.Result<Other> {
      VocabularyExtender.Result<Other>(
        model: model, added: added, givenUp: givenUp, changed: changed, tokens: tokens,
        unknown: unknown)
    }
  }

  /// Extends a SentencePiece unigram model.
  ///
  /// - Parameters:
  ///   - model: the vocabulary in use.
  ///   - text: text of the new language, with the model's normaliser.
  ///   - old: text of the languages in use; pieces that would change how it is cut are given up. Nil to allow changes.
  ///   - reported: text in which changes are only told.
  ///   - progress: called with a sentence before and after each of the at most eight rounds.
  public func extend(
    _ model: SentencePieceModel, with text: TrainingText, keeping old: TrainingText?,
    reporting reported: TrainingText? = nil, progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> Result<SentencePieceModel> {
    guard model.algorithm == .unigram else {
      throw Self.refusal("\(model.algorithm)")
    }
    let result = try extend(
      UnigramPieces(model), model.trainer.maximumPieceLength, text, old, reported, progress)
    var trainer = model.trainer
    trainer.vocabularySize = result.model.pieces.count
    return result.with(
      try SentencePieceModel(
        pieces: result.model.pieces, scores: result.model.scores.map { Float($0) },
        kinds: result.model.kinds, trainer: trainer, normalizerName: model.normalizerName,
        normalizer: model.normalizer))
  }

  static func refusal(_ kind: String) -> SubwordError {
    SubwordError(
      .unsupported,
      "expected a unigram vocabulary to extend, found \(kind): pieces of others depend on each other, so new ones change "
        + "how old text is cut")
  }

  func extend(
    _ base: UnigramPieces, _ longest: Int, _ text: TrainingText, _ old: TrainingText?,
    _ reported: TrainingText?, _ progress: (String) -> Void
  ) throws(SubwordError) -> Result<UnigramPieces> {
    guard pieceCount > 0 else {
      throw SubwordError(
        .invalidArgument, "expected at least one piece to add, found \(pieceCount)")
    }
    let sample = try text.sample(weights: nil)
    var settings = UnigramTrainer.Settings(vocabularySize: pieceCount)
    settings.threads = threads
    settings.seedCount = seedCount
    settings.maximumPieceLength = longest
    settings.present = Set(base.pieces.map { Array($0.utf8) })
    var excluded = Set<[UInt8]>()
    var extended = base
    // A piece that must go makes room for another.
    for round in 1...8 {
      settings.excluded = excluded
      progress("round \(round): learning pieces of \(sample.words.count) words")
      let learned = try UnigramTrainer(settings).train(
        sample.words, alphabet: sample.alphabet.map(\.scalar))
      extended = join(base, learned)
      var culprits = Set(extended.pieces[base.pieces.count...].filter { !admits($0) })
      if let old { culprits.formUnion(try Comparison(base, extended, old).newPieces) }
      guard !culprits.isEmpty else { break }
      progress("round \(round): \(culprits.count) pieces would change how old text is cut")
      excluded.formUnion(culprits.map { Array($0.utf8) })
      if round == 8 { extended = try without(extended, beyond: base.pieces.count, old) }
    }
    let changed = try reported.map { text throws(SubwordError) in
      try Comparison(base, extended, text).changed
    }
    let gain = try Comparison(base, extended, text)
    return Result(
      model: extended, added: extended.pieces.count - base.pieces.count,
      givenUp: excluded.map { String(decoding: $0, as: UTF8.self) }.sorted(),
      changed: changed ?? [], tokens: gain.tokens, unknown: gain.unknown)
  }

  /// The old pieces, and behind them those that are new.
  private func join(_ base: UnigramPieces, _ learned: [UnigramTrainer.Piece]) -> UnigramPieces {
    var scores = [[UInt8]: Double]()
    for (index, piece) in base.pieces.enumerated() where base.isLearned(index) {
      scores[Array(piece.utf8)] = base.scores[index]
    }
    let known = Set(base.pieces.map { Array($0.utf8) })
    // How much less an old piece counts there than in the new text, each by its probability here.
    var (shift, mass) = (0.0, 0.0)
    for piece in learned {
      guard let score = scores[Array(piece.text.utf8)] else { continue }
      let weight = 1 / (1 + (-piece.score))
      shift += weight * (score - piece.score)
      mass += weight
    }
    shift = mass > 0 ? min(0, shift / mass) : 0
    // No piece scores below the old ones: unknown text would cost more than it did.
    let least = base.leastScore ?? -.greatestFiniteMagnitude
    var result = base
    for piece in learned where !known.contains(Array(piece.text.utf8)) {
      result.append(piece.text, score: max(least, piece.score + shift))
    }
    return result
  }

  /// The extended pieces without those that may not be or that change old text, until none is left that does.
  private func without(
    _ extended: UnigramPieces, beyond size: Int, _ old: TrainingText?
  ) throws(SubwordError) -> UnigramPieces {
    var extended = extended.selecting(
      extended.pieces.indices.filter { $0 < size || admits(extended.pieces[$0]) })
    guard let old else { return extended }
    let base = extended.selecting(Array(0..<size))
    while true {
      let culprits = Set(
        try Comparison(base, extended, old).newPieces.map { Array($0.utf8) })
      guard !culprits.isEmpty else { return extended }
      extended = extended.selecting(
        extended.pieces.indices.filter {
          $0 < size || !culprits.contains(Array(extended.pieces[$0].utf8))
        })
    }
  }
}
