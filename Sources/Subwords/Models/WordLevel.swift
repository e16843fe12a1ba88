// SPDX-License-Identifier: Apache-2.0

/// A vocabulary of whole words: each stretch that the pre-tokeniser has cut is one piece.
public final class WordLevel: Sendable {
  /// The pieces with their ids.
  public let vocabulary: Vocabulary
  /// The unknown piece.
  public let unknownPiece: String
  /// The id of the unknown piece; nil if it is none of the pieces: unknown words then vanish.
  public let unknownID: Int32?

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - pieces: the words in id order.
  ///   - unknownPiece: the piece for all other words.
  public init(pieces: [String], unknownPiece: String = "[UNK]") throws(SubwordError) {
    vocabulary = try Vocabulary(pieces)
    self.unknownPiece = unknownPiece
    unknownID = vocabulary.id(of: unknownPiece)
  }
}
