// SPDX-License-Identifier: Apache-2.0

/// What a model asks of a row of token ids, and how it numbers positions.
struct RowRules: Sendable, Equatable {
  /// Ids below it are known.
  var vocabularySize: Int
  /// The most tokens of a row; nil where there is no limit.
  var maximumLength: Int?
  /// The position of the first token; above zero the position before it is padding's.
  var positionOffset = 0
  /// An id that is not counted and stands at padding's position, as M2M100 has it; nil where all tokens count.
  var uncountedID: Int32?

  func check(_ row: [Int32]) throws {
    guard !row.isEmpty else {
      throw TransformerError(.input, "a row has no tokens; expected at least the special ones")
    }
    if let maximumLength, row.count > maximumLength {
      throw TransformerError(
        .input,
        "a row has \(row.count) tokens, the model takes at most \(maximumLength); truncate it")
    }
    if let id = row.first(where: { $0 < 0 || $0 >= vocabularySize }) {
      throw TransformerError(
        .input,
        "token id \(id) is outside the model's vocabulary of \(vocabularySize); "
          + "does the tokenizer belong to the model?")
    }
  }

  /// The positions of a row of which `length` tokens are not padding.
  func positions(_ row: [Int32], length: Int) -> [Int32] {
    let offset = Int32(positionOffset)
    var next = offset
    return row.indices.map { index in
      // As XLM-R counts: padding sits before the first position.
      let isPadding = offset > 0 && (index >= length || row[index] == uncountedID)
      defer { if !isPadding { next += 1 } }
      return isPadding ? offset - 1 : next
    }
  }
}
