// SPDX-License-Identifier: Apache-2.0

/// WordPiece as BERT uses it (Schuster and Nakajima, 2012; Wu and others, 2016): from the left, the
/// longest piece that fits; pieces inside a word carry a prefix.
///
/// A word that cannot be cut so becomes the unknown piece as a whole.
public final class WordPiece: Sendable {
  /// The pieces with their ids.
  public let vocabulary: Vocabulary
  /// The unknown piece.
  public let unknownPiece: String
  /// The id of the unknown piece.
  public let unknownID: Int32
  /// What stands before pieces that continue a word.
  public let continuingPrefix: String
  /// Longer words, counted in Unicode scalars, are unknown.
  public let maximumScalarsPerWord: Int
  /// The continuing pieces without their prefix.
  let continuing: PieceTrie

  /// Makes a model.
  ///
  /// - Parameters:
  /// - pieces: the pieces in id order, those inside words with their prefix.
  /// - unknownPiece: the unknown piece, one of `pieces`.
  /// - continuingPrefix: what stands before pieces that continue a word.
  /// - maximumScalarsPerWord: longer words, counted in Unicode scalars, are unknown.
  /// - Throws: ``SubwordError/Code/malformed`` if the unknown piece is none of the pieces.
  public init(
    pieces: [String], unknownPiece: String = "[UNK]", continuingPrefix: String = "##",
    maximumScalarsPerWord: Int = 100
  ) throws(SubwordError) {
    vocabulary = try Vocabulary(pieces)
    self.unknownPiece = unknownPiece
    self.continuingPrefix = continuingPrefix
    self.maximumScalarsPerWord = maximumScalarsPerWord
    guard let unknown = vocabulary.id(of: unknownPiece) else {
      throw SubwordError(
        .malformed, "expected the unknown piece “\(unknownPiece)” in the vocabulary, found none")
    }
    unknownID = unknown
    let prefix = Array(continuingPrefix.utf8)
    continuing = try PieceTrie(
      pieces.enumerated().compactMap { id, piece in
        let bytes = Array(piece.utf8)
        return bytes.starts(with: prefix) ? (bytes[prefix.count...], Int32(id)) : nil
      })
  }
}
