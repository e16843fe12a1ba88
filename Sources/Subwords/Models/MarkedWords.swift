// SPDX-License-Identifier: Apache-2.0

/// Stretches of text in which every word begins with the mark of a space, U+2581.
enum MarkedWords {
  /// Whether no piece has a mark behind anything else, and the mark is a piece itself: then nothing
  /// that a model does reaches across the beginning of a word.
  static func areSeparate(_ pieces: some Sequence<String>) -> Bool {
    let mark: Unicode.Scalar = "\u{2581}"
    var hasMark = false
    for piece in pieces {
      var sawOther = false
      for scalar in piece.unicodeScalars {
        if scalar != mark {
          sawOther = true
        } else if sawOther {
          return false
        }
      }
      if !sawOther, piece.utf8.count == 3 { hasMark = true }
    }
    return hasMark
  }

  /// Where the word at `start` ends: where a mark follows something that is none.
  @inline(__always)
  static func end(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int
  ) -> Int {
    var index = start
    while SentencePieceNormalizer.isMark(bytes, index, limit) { index += 3 }
    while index < limit {
      if bytes[index] == 0xE2, SentencePieceNormalizer.isMark(bytes, index, limit) { return index }
      index += 1
    }
    return limit
  }
}
