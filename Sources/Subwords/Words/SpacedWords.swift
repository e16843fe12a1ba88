// SPDX-License-Identifier: Apache-2.0

/// Words between spaces.
enum SpacedWords {
  /// Where the next space is, or the end.
  @inline(__always)
  static func end(_ text: UnsafePointer<UInt8>, _ start: Int, _ limit: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index &+ 8 <= limit {
      // A byte that is zero is one that was a space; those above it may be marked wrongly, never below.
      let bytes =
        UInt64(littleEndian: UnsafeRawPointer(text + index).loadUnaligned(as: UInt64.self))
        ^ (ones &* 0x20)
      let found = (bytes &- ones) & ~bytes & (ones &* 0x80)
      if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < limit, text[index] != 0x20 { index &+= 1 }
    return index
  }

  /// Whether the mark of a space, U+2581, stands in a word.
  @inline(__always)
  static func hasMark(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index &+ 3 <= word.count {
      if word[index] == 0xE2, SentencePieceNormalizer.isMark(word, index, word.count) {
        return true
      }
      index &+= 1
    }
    return false
  }
}
