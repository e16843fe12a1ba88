// SPDX-License-Identifier: Apache-2.0

/// Takes words from text: runs of letters, marks and digits, case folded.
///
/// In scripts without spaces between words, overlapping pairs of letters stand for words.
enum WordScanner {
  /// Calls `body` with a hash of each word and where it stands.
  static func forEach(in text: [UInt8], _ body: (UInt64, Range<Int>) -> Void) {
    let (allTraits, foldings) = (ScalarTraits.table, CaseFolding.table)
    let measures = ScriptMeasure.table
    text.withUnsafeBufferPointer { text in
      var hash: UInt64 = 0
      var start: Int?
      var last: (value: UInt32, start: Int, isPaired: Bool)?
      func endWord(_ index: Int) {
        if let begin = start { body(hash, begin..<index) }
        (start, hash) = (nil, 0)
      }
      func endRun(_ index: Int) {
        // A letter alone is a word.
        if let last, !last.isPaired { body(mix(1, UInt64(last.value)), last.start..<index) }
        last = nil
      }
      var index = 0
      while index < text.count {
        let begin = index
        let value = decodeScalar(text, at: &index)
        let traits = ScalarTraits.lookup(value, in: allTraits)
        let isUnspaced = measures[traits.script].lettersPerWord > 0
        if traits.isWord, isUnspaced {
          endWord(begin)
          if let last { body(mix(UInt64(last.value), UInt64(value)), last.start..<index) }
          last = (value, begin, last != nil)
        } else if traits.isWord || traits.kind == .digit {
          endRun(begin)
          start = start ?? begin
          let folded = CaseFolding.lookup(value, in: foldings)
          hash = mix(hash, UInt64(folded == CaseFolding.several ? value : folded))
        } else if traits.kind != .format {
          endWord(begin)
          endRun(begin)
        }
      }
      endWord(text.count)
      endRun(text.count)
    }
  }
}
