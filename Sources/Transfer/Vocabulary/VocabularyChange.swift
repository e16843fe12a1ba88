// SPDX-License-Identifier: Apache-2.0

import Subwords

/// An old vocabulary and a new one: which rows of a table stay, and which pieces of the new are pieces of the old too.
public struct VocabularyChange: Sendable {
  /// The old vocabulary.
  public let old: Tokenizer
  /// The new one.
  public let new: Tokenizer
  /// Rows of the old table; there may be more than pieces.
  public let oldRows: Int
  /// For each id of the new vocabulary the old id whose row it keeps whatever the initialisation: old pieces that stay where
  /// they are, special tokens.
  public let kept: [Int?]
  /// For each id of the new vocabulary the old id of the same text, word-initial or not as here; nil for special tokens.
  public let same: [Int?]
  /// What each piece of the old vocabulary stands for.
  public let oldTexts: [PieceText?]
  /// What each piece of the new vocabulary stands for.
  public let newTexts: [PieceText?]

  /// The ids whose rows are to be made, rising.
  public var added: [Int] { kept.indices.filter { kept[$0] == nil } }

  /// A vocabulary that goes on where the old one ends: every old id keeps its piece and its row.
  ///
  /// - Parameters:
  ///   - old: the vocabulary in use.
  ///   - rows: of the table; those beyond the pieces stay where the new vocabulary has no piece for them.
  ///   - new: the longer vocabulary.
  /// - Throws: `RecipeError` where an old id has another piece in the new vocabulary, or nothing is new.
  public init(extending old: Tokenizer, rows: Int, to new: Tokenizer) throws(RecipeError) {
    let (before, after) = (old.piecesByID, new.piecesByID)
    for (id, piece) in before.enumerated() {
      let found = id < after.count ? after[id] : nil
      guard let found, found.utf8.elementsEqual(piece.utf8) else {
        throw RecipeError(
          .value,
          "expected a vocabulary that goes on where the base's ends, found “\(found ?? "nothing")” instead of “\(piece)” at id "
            + "\(id); make one of the base's tokenizer.json with 'koine subwords extend', or use 'koine base replace'"
        )
      }
    }
    (oldTexts, newTexts) = (old.pieceTexts, new.pieceTexts)
    let texts = newTexts
    kept = (0..<max(rows, after.count)).map { id in
      // A row that no piece has stays as long as it gets none.
      id < before.count || id < rows && (id >= texts.count || texts[id] == nil) ? id : nil
    }
    same = kept.indices.map { $0 < before.count && texts[$0] != nil ? $0 : nil }
    (self.old, self.new, oldRows) = (old, new, rows)
    guard kept.contains(nil) else {
      throw RecipeError(
        .data,
        "expected pieces that the base does not have, found none; the text is cut well already, or the vocabulary is the "
          + "base's own")
    }
  }

  /// Another vocabulary in place of the old one: special tokens of the same part keep their rows, all else is made.
  ///
  /// - Throws: `RecipeError` where pieces of either do not show where words begin.
  public init(replacing old: Tokenizer, rows: Int, by new: Tokenizer) throws(RecipeError) {
    for (name, tokenizer) in [("base's", old), ("new", new)] where !tokenizer.showsWords {
      throw RecipeError(
        .value,
        "expected pieces that show where words begin (U+2581, byte-level or WordPiece), found others in the \(name) vocabulary "
          + "(\(tokenizer.configuration.model.name)); take another one")
    }
    (oldTexts, newTexts) = (old.pieceTexts, new.pieceTexts)
    var places: [PieceText: Int] = [:]
    for (id, text) in oldTexts.enumerated() {
      if let text, places[text] == nil { places[text] = id }
    }
    same = newTexts.map { $0.flatMap { places[$0] } }
    let special = Self.specialTokens(old, new)
    kept = newTexts.indices.map { special[$0] }
    (self.old, self.new, oldRows) = (old, new, rows)
  }

  /// Special tokens of the new vocabulary with the old ones that do the same.
  private static func specialTokens(_ old: Tokenizer, _ new: Tokenizer) -> [Int: Int] {
    var pairs: [Int: Int] = [:]
    for token in new.configuration.addedTokens {
      if let id = old.configuration.addedTokens.first(where: {
        $0.content.utf8.elementsEqual(token.content.utf8)
      })?.id {
        pairs[Int(token.id)] = Int(id)
      }
    }
    for (before, after) in [
      (old.beginID, new.beginID), (old.endID, new.endID), (old.padID, new.padID),
      (old.unknownID, new.unknownID), (old.maskID, new.maskID),
    ] {
      if let before, let after { pairs[Int(after)] = Int(before) }
    }
    return pairs
  }
}
