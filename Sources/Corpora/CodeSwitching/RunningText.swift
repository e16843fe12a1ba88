// SPDX-License-Identifier: Apache-2.0

/// A text and where its words are.
///
/// A word is a run of letters and marks, with apostrophes between them; in scripts that put no spaces between words, each letter is one, with
/// its marks. All else, digits too, is between words.
struct RunningText {
  /// The text.
  let text: String
  /// Where each word is, in their order.
  let words: [Range<String.Index>]

  /// - Parameter cutsUnspaced: whether each letter is a word in scripts without spaces; else a run of them is.
  init(_ text: String, cutsUnspaced: Bool = true) {
    self.text = text
    let scalars = text.unicodeScalars
    let (measures, traits) = (ScriptMeasure.table, ScalarTraits.table)
    var words: [Range<String.Index>] = []
    var start: String.Index?
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let next = scalars.index(after: index)
      let trait = ScalarTraits.lookup(scalars[index].value, in: traits)
      if trait.isWord {
        if cutsUnspaced, trait.kind == .letter, measures[trait.script].lettersPerWord > 0 {
          if let start { words.append(start..<index) }
          start = index
        } else if start == nil {
          start = index
        }
      } else if let begun = start {
        let isInside =
          Self.isApostrophe(scalars[index]) && next < scalars.endIndex
          && ScalarTraits.lookup(scalars[next].value, in: traits).isWord
        if !isInside {
          words.append(begun..<index)
          start = nil
        }
      }
      index = next
    }
    if let start { words.append(start..<scalars.endIndex) }
    self.words = words
  }

  private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "\u{2019}"
  }

  /// Whether a text begins with, or ends in, a letter of a script without spaces.
  static func isUnspaced(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return ScriptMeasure.table[ScalarTraits[scalar.value].script].lettersPerWord > 0
  }
}
