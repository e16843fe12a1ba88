// SPDX-License-Identifier: Apache-2.0

/// SentencePiece's `word` and `char` models: the text is cut before each mark of a space, or into
/// scalars, and what is no piece is unknown.
public final class PlainPieces: Sendable {
  /// The pieces with their ids.
  public let vocabulary: Vocabulary
  /// The pieces' scores, index as in the vocabulary; they decide nothing.
  public let scores: [Double]
  /// The kind of each piece.
  public let kinds: [PieceKind]
  /// The id of the unknown piece.
  public let unknownID: Int32
  /// Whether unknown text becomes byte pieces.
  public let fallsBackToBytes: Bool
  /// Whether words are cut (`word`) or scalars (`char`).
  public let cutsWords: Bool
  /// The pieces that may be found in text.
  let matcher: PieceTrie
  /// The user's symbols, which are never cut.
  let symbols: PieceTrie
  /// The ids of the byte pieces; empty unless all are there.
  let byteIDs: [Int32]

  /// Makes a model; `scores` and `kinds` have one entry for each piece.
  public init(
    pieces: [String], scores: [Double], kinds: [PieceKind], unknownID: Int32,
    fallsBackToBytes: Bool = false, cutsWords: Bool
  ) throws(SubwordError) {
    vocabulary = try Vocabulary(pieces)
    try SentencePieceChecks.check(vocabulary, scores, kinds, unknownID, fallsBackToBytes)
    self.scores = scores
    self.kinds = kinds
    self.unknownID = unknownID
    self.fallsBackToBytes = fallsBackToBytes
    self.cutsWords = cutsWords
    matcher = try PieceTrie(
      pieces.indices.filter { [.normal, .userDefined].contains(kinds[$0]) }
        .map { (Array(pieces[$0].utf8)[...], Int32($0)) })
    symbols = try PieceTrie(
      pieces.indices.filter { kinds[$0] == .userDefined }
        .map { (Array(pieces[$0].utf8)[...], Int32($0)) })
    byteIDs = vocabulary.allByteIDs
  }
}
