// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// Cuts text into the words that vectors are learnt for and sentences are looked up by: one way for both.
///
/// A word is a run of letters, marks and digits, composed (NFC) and case folded. Scripts that put no spaces between words
/// (Han, kana, Thai, Lao, Khmer, Burmese, Tibetan, Yi) give overlapping pairs of letters in their place, and a letter that
/// stands alone by itself. Format characters, such as joiners, are passed over; everything else parts words.
public enum WordSplitter {
  /// What manifests call this way of cutting; raised when the same text would give other words.
  public static let version = "words/1"

  /// The words of a text with a space between, as a line to learn from.
  public static func line(_ text: String) -> String {
    var line: [UInt8] = []
    line.reserveCapacity(text.utf8.count)
    forEach(in: text) { word in
      if !line.isEmpty { line.append(0x20) }
      line.append(contentsOf: word)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// The words of a text.
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    forEach(in: text) { words.append(String(decoding: $0, as: UTF8.self)) }
    return words
  }

  /// Calls `body` with the bytes of each word.
  public static func forEach(in text: String, _ body: (ArraySlice<UInt8>) -> Void) {
    var composed = ComposedForm.compose(text)
    composed.withUTF8 { split($0, body) }
  }

  /// The last of the scripts whose scalars others use.
  private static let shared = Int(Script.inherited.rawValue)
  /// It stands between words in scripts without spaces.
  private static let zeroWidthSpace: UInt32 = 0x200b

  private static func split(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (ArraySlice<UInt8>) -> Void
  ) {
    let (allTraits, foldings) = (ScalarTraits.table, CaseFolding.table)
    let (measures, shared) = (ScriptMeasure.table, Self.shared)
    var word: [UInt8] = []
    // The last letter of a run without spaces: its bytes, and whether a pair took it in.
    var letter: (bytes: Range<Int>, isPaired: Bool)?
    func endWord() {
      if !word.isEmpty { body(word[...]) }
      word.removeAll(keepingCapacity: true)
    }
    func endRun() {
      if let letter, !letter.isPaired { body(Array(text[letter.bytes])[...]) }
      letter = nil
    }
    var index = 0
    while index < text.count {
      let start = index
      let value = decodeScalar(text, at: &index)
      let traits = ScalarTraits.lookup(value, in: allTraits)
      // Kana's mark of length is of no script: it goes with what is before it.
      let isUnspaced =
        measures[traits.script].lettersPerWord > 0
        || letter != nil && traits.script <= shared
      if traits.isWord, isUnspaced {
        endWord()
        if let letter { body((Array(text[letter.bytes]) + text[start..<index])[...]) }
        letter = (start..<index, letter != nil)
      } else if traits.isWord || traits.kind == .digit {
        endRun()
        let folded = CaseFolding.lookup(value, in: foldings)
        if folded != CaseFolding.several {
          word.appendScalar(folded)
        } else if let scalar = Unicode.Scalar(value) {
          for part in CaseFolding.folding(of: scalar) { word.appendScalar(part.value) }
        }
      } else if traits.kind != .format || value == zeroWidthSpace {
        endWord()
        endRun()
      }
    }
    endWord()
    endRun()
  }
}
