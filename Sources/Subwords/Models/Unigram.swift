// SPDX-License-Identifier: Apache-2.0

/// A unigram language model over pieces (Kudo, 2018, “Subword Regularization”): a text is cut
/// into the pieces whose log probabilities add up highest.
public final class Unigram: Sendable {
  /// What a piece is allowed to do.
  public typealias Kind = PieceKind

  /// The pieces with their ids.
  public let vocabulary: Vocabulary
  /// Natural-log probabilities, index as in the vocabulary.
  public let scores: [Double]
  /// The id of the unknown piece.
  public let unknownID: Int32
  /// Whether unknown text becomes byte pieces.
  public let fallsBackToBytes: Bool
  /// The kind of each piece; empty where all are normal, as in tokenizer.json.
  public let kinds: [PieceKind]

  /// The pieces that may be found in text, with their scores by id.
  let matcher: PieceTrie
  /// The same for short words, if there are not too many.
  let scored: ScoredTrie?
  let matchScores: FixedArray<Double>
  let unknownScore: Double
  /// The length of the longest piece, or of the longest scalar, in bytes.
  let longestPiece: Int
  /// The ids of the byte pieces; nil where there is no such piece.
  let byteIDs: [Int32?]
  /// The same, all of them; empty without byte fallback in SentencePiece's manner.
  let spelling: [Int32]
  /// Whether no piece reaches across the mark of a space.
  let separatesWords: Bool
  /// Whether path scores are single-precision and unknown text is treated as SentencePiece does.
  var isSentencePiece: Bool { !kinds.isEmpty }

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order.
  ///   - scores: as many natural-log probabilities.
  ///   - unknownID: the id of the unknown piece.
  ///   - fallsBackToBytes: whether unknown text becomes `<0xHH>` pieces.
  ///   - kinds: empty: every piece may be found in text, path scores are doubles (Hugging Face
  ///     `tokenizers`); else one for each piece, and path scores are floats (SentencePiece).
  public init(
    pieces: [String], scores: [Double], unknownID: Int32, fallsBackToBytes: Bool = false,
    kinds: [PieceKind] = []
  ) throws(SubwordError) {
    let vocabulary = try Vocabulary(pieces)
    try SentencePieceChecks.check(
      vocabulary, scores, kinds.isEmpty ? pieces.map { _ in .normal } : kinds, unknownID,
      fallsBackToBytes && !kinds.isEmpty)
    self.vocabulary = vocabulary
    longestPiece = max(4, pieces.reduce(0) { max($0, $1.utf8.count) })
    self.scores = scores
    self.unknownID = unknownID
    self.fallsBackToBytes = fallsBackToBytes
    self.kinds = kinds
    byteIDs = fallsBackToBytes ? vocabulary.byteIDs : Array(repeating: nil, count: 256)
    spelling = fallsBackToBytes && !kinds.isEmpty ? vocabulary.allByteIDs : []
    separatesWords = MarkedWords.areSeparate(
      pieces.indices.lazy.filter {
        kinds.isEmpty || kinds[$0] == .normal || kinds[$0] == .userDefined
      }.map { pieces[$0] })
    if kinds.isEmpty {
      matcher = vocabulary.lookup
      matchScores = FixedArray(scores)
      unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    } else {
      matcher = try PieceTrie(
        pieces.indices.filter { kinds[$0] == .normal || kinds[$0] == .userDefined }
          .map { (Array(pieces[$0].utf8)[...], Int32($0)) })
      let normal = zip(scores, kinds).filter { $0.1 == .normal }.map(\.0)
      unknownScore = Double(Float(normal.min() ?? 0) - Float(Self.unknownPenalty))
      matchScores = FixedArray(
        pieces.indices.map { index in
          // A bonus by length makes sure that a user's symbol nearly always wins.
          kinds[index] == .userDefined
            ? Double(Float(Double(pieces[index].utf8.count) * 0.1 - 0.1)) : scores[index]
        })
    }
    scored = ScoredTrie(
      matcher.trie, pieces, scores: matchScores.elements, unknownID: unknownID,
      unknownScore: unknownScore)
  }

  /// What an unknown scalar costs below the worst piece, as in SentencePiece.
  static let unknownPenalty = 10.0

  /// What a piece adds to the score of a path; the unknown piece counts as one unknown scalar.
  func pathScore(of id: Int32) -> Double { id == unknownID ? unknownScore : matchScores[Int(id)] }
}
