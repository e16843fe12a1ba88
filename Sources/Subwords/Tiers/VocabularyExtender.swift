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
  /// `seed_sentencepiece_size`.
  public var seedCount = 1_000_000

  /// Makes an extender.
  public init(pieceCount: Int) { self.pieceCount = pieceCount }

  /// What came of it.
  public struct Result: Sendable {
    /// The vocabulary with the new pieces behind the old.
    public var model: SentencePieceModel
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
  }

  /// Extends a unigram model.
  ///
  /// - Parameters:
  ///   - model: the vocabulary in use.
  ///   - text: text of the new language, with the model's normaliser.
  ///   - old: text of the languages in use; pieces that would change how it is cut are given up. Nil to allow changes.
  ///   - reported: text in which changes are only told.
  public func extend(
    _ model: SentencePieceModel, with text: TrainingText, keeping old: TrainingText?,
    reporting reported: TrainingText? = nil, progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> Result {
    guard model.algorithm == .unigram else {
      throw SubwordError(
        .unsupported,
        "expected a unigram vocabulary to extend, found \(model.algorithm): merges of others depend on each other"
      )
    }
    guard pieceCount > 0 else {
      throw SubwordError(
        .invalidArgument, "expected at least one piece to add, found \(pieceCount)")
    }
    let sample = try text.sample(weights: nil)
    var settings = UnigramTrainer.Settings(vocabularySize: pieceCount)
    settings.threads = threads
    settings.seedCount = seedCount
    settings.maximumPieceLength = model.trainer.maximumPieceLength
    settings.present = Set(model.pieces.map { Array($0.utf8) })
    var excluded = Set<[UInt8]>()
    var extended = model
    // A piece that must go makes room for another.
    for round in 1...8 {
      settings.excluded = excluded
      let learned = try UnigramTrainer(settings).train(
        sample.words, alphabet: sample.alphabet.map(\.scalar), progress: progress)
      extended = try join(model, learned)
      guard let old else { break }
      let culprits = try Comparison(model, extended, old).newPieces
      guard !culprits.isEmpty else { break }
      progress("\(culprits.count) pieces would change how old text is cut; they are given up")
      excluded.formUnion(culprits.map { Array($0.utf8) })
      if round == 8 { extended = try without(extended, beyond: model.pieces.count, old) }
    }
    let changed = try reported.map { text throws(SubwordError) in
      try Comparison(model, extended, text).changed
    }
    let gain = try Comparison(model, extended, text)
    return Result(
      model: extended, added: extended.pieces.count - model.pieces.count,
      givenUp: excluded.map { String(decoding: $0, as: UTF8.self) }.sorted(),
      changed: changed ?? [], tokens: gain.tokens, unknown: gain.unknown)
  }

  /// The old pieces, and behind them those that are new.
  private func join(
    _ model: SentencePieceModel, _ learned: [UnigramTrainer.Piece]
  ) throws(SubwordError) -> SentencePieceModel {
    var scores = [[UInt8]: Float]()
    for (index, piece) in model.pieces.enumerated() where model.kinds[index] == .normal {
      scores[Array(piece.utf8)] = model.scores[index]
    }
    let known = Set(model.pieces.map { Array($0.utf8) })
    // How much less an old piece counts there than in the new text, each by its probability here.
    var (shift, mass) = (0.0, 0.0)
    for piece in learned {
      guard let score = scores[Array(piece.text.utf8)] else { continue }
      let weight = 1 / (1 + (-piece.score))
      shift += weight * (Double(score) - piece.score)
      mass += weight
    }
    shift = mass > 0 ? min(0, shift / mass) : 0
    var result = model
    for piece in learned where !known.contains(Array(piece.text.utf8)) {
      result.pieces.append(piece.text)
      result.scores.append(Float(piece.score + shift))
      result.kinds.append(.normal)
    }
    return try replacing(model, result)
  }

  private func replacing(
    _ model: SentencePieceModel, _ parts: SentencePieceModel
  ) throws(SubwordError) -> SentencePieceModel {
    var trainer = model.trainer
    trainer.vocabularySize = parts.pieces.count
    return try SentencePieceModel(
      pieces: parts.pieces, scores: parts.scores, kinds: parts.kinds, trainer: trainer,
      normalizerName: model.normalizerName, normalizer: model.normalizer)
  }

  /// The extended model without pieces that change old text, until none is left that does.
  private func without(
    _ model: SentencePieceModel, beyond size: Int, _ old: TrainingText
  ) throws(SubwordError) -> SentencePieceModel {
    var model = model
    while true {
      var base = model
      base.pieces.removeLast(model.pieces.count - size)
      base.scores.removeLast(model.pieces.count - size)
      base.kinds.removeLast(model.pieces.count - size)
      let culprits = Set(
        try Comparison(base, model, old).newPieces.map { Array($0.utf8) })
      guard !culprits.isEmpty else { return model }
      let kept = model.pieces.indices.filter {
        $0 < size || !culprits.contains(Array(model.pieces[$0].utf8))
      }
      var next = model
      next.pieces = kept.map { model.pieces[$0] }
      next.scores = kept.map { model.scores[$0] }
      next.kinds = kept.map { model.kinds[$0] }
      model = try replacing(model, next)
    }
  }
}
