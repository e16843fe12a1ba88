// SPDX-License-Identifier: Apache-2.0

/// Takes out of a vocabulary what some languages do not use.
public struct VocabularyTrimmer: Sendable {
  /// Pieces used less often are taken out.
  public var leastUses: Int64 = 1
  /// The most pieces that are left, those that always stay included; nil for any number.
  ///
  /// The least used go first, of those that are used as often the ones with higher ids.
  public var mostPieces: Int?

  /// Makes a trimmer.
  public init() {}

  /// What came of it.
  public struct Result<Vocabulary: Sendable>: Sendable {
    /// The vocabulary with every id in its place; pieces without use are marked as unused and never found.
    public var model: Vocabulary
    /// The ids that are left, in order: what rows of an embedding matrix to keep.
    public var kept: [Int]
  }

  /// Marks as unused what the text does not need.
  ///
  /// Single scalars that the text holds stay, and so do all pieces that are not learned. The text itself is cut as
  /// before: the best path through a lattice does not need what it does not use.
  public func trim(
    _ model: SentencePieceModel, for text: TrainingText
  ) throws(SubwordError) -> Result<SentencePieceModel> {
    guard model.algorithm == .unigram else {
      throw SubwordError(
        .unsupported,
        "expected a unigram vocabulary to trim, found \(model.algorithm): merges pass through pieces that no text shows"
      )
    }
    let unigram = try Unigram(
      pieces: model.pieces, scores: model.scores.map(Double.init),
      unknownID: Int32(model.kinds.firstIndex(of: .unknown) ?? 0),
      fallsBackToBytes: model.fallsBackToBytes, kinds: model.kinds)
    var uses = [Int64](repeating: 0, count: model.pieces.count)
    var scalars = Set<UInt32>()
    var scratch = Unigram.Scratch()
    for language in text.languages.indices {
      try text.forEachWord(of: language) { (word, count) throws(SubwordError) in
        var sink = IDSink()
        unigram.cut(word, 0..<word.count, &scratch, into: &sink)
        for id in sink.ids { uses[Int(id)] += count }
        var index = 0
        while index < word.count {
          let (value, length) = UTF8Scalar.decode(word, at: index)
          scalars.insert(value)
          index += length
        }
      }
    }
    guard uses.contains(where: { $0 > 0 }) else {
      throw SubwordError(.invalidArgument, "expected text of the languages to keep, found none")
    }
    var result = model
    let stays = model.pieces.indices.map { id in
      let piece = model.pieces[id].unicodeScalars
      return model.kinds[id] != .normal && model.kinds[id] != .unused
        || piece.count == 1 && piece.first.map { scalars.contains($0.value) } == true
    }
    let isLeft = try choice(uses, stays: stays)
    for id in model.pieces.indices where !isLeft[id] { result.kinds[id] = .unused }
    return Result(
      model: result, kept: result.kinds.indices.filter { result.kinds[$0] != .unused })
  }

  /// Whether each piece is left.
  ///
  /// - Parameters:
  ///   - uses: of each piece.
  ///   - stays: whether a piece is left whatever its uses.
  ///   - count: tokens that stay beside the pieces.
  /// - Throws: ``SubwordError/Code/invalidArgument`` where more than ``mostPieces`` have to stay.
  func choice(
    _ uses: [Int64], stays: [Bool], beside count: Int = 0
  ) throws(SubwordError) -> [Bool] {
    var result = stays
    var others = uses.indices.filter { !stays[$0] && uses[$0] >= leastUses }
    let staying = stays.count { $0 } + count
    if let mostPieces, staying + others.count > mostPieces {
      guard staying <= mostPieces else {
        throw SubwordError(
          .invalidArgument,
          "expected room for the \(staying) pieces that always stay (special tokens and single letters of the text), found "
            + "\(mostPieces)")
      }
      others = Array(
        others.sorted { (uses[$1], $0) < (uses[$0], $1) }.prefix(mostPieces - staying))
    }
    for id in others { result[id] = true }
    return result
  }

  /// The vocabulary without its unused pieces: ids close up, the order stays.
  public func compacted(
    _ trimmed: Result<SentencePieceModel>
  ) throws(SubwordError) -> SentencePieceModel {
    let model = trimmed.model
    var trainer = model.trainer
    trainer.vocabularySize = trimmed.kept.count
    let places = Dictionary(
      trimmed.kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    trainer.unknownID = places[model.trainer.unknownID] ?? 0
    trainer.beginID = places[model.trainer.beginID] ?? -1
    trainer.endID = places[model.trainer.endID] ?? -1
    trainer.padID = places[model.trainer.padID] ?? -1
    return try SentencePieceModel(
      pieces: trimmed.kept.map { model.pieces[$0] }, scores: trimmed.kept.map { model.scores[$0] },
      kinds: trimmed.kept.map { model.kinds[$0] }, trainer: trainer,
      normalizerName: model.normalizerName, normalizer: model.normalizer)
  }
}
