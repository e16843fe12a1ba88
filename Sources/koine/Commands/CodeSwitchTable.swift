// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// What switching did, language by language.
struct CodeSwitchTable {
  /// What it did in one language.
  struct Row: Encodable {
    let language: String
    let entries, otherScripts: Int
    private(set) var texts = 0
    private(set) var unchanged = 0
    private(set) var words = 0
    private(set) var known = 0
    private(set) var replaced = 0

    init(_ dictionary: PhraseDictionary) {
      language = dictionary.language.description
      (entries, otherScripts) = (dictionary.count, dictionary.otherScripts)
    }

    mutating func add(_ text: CodeSwitcher.Switched) {
      if text.replaced > 0 { texts += 1 } else { unchanged += 1 }
      words += text.words
      known += text.known
      replaced += text.replaced
    }
  }

  var rows: [Row] = []

  /// Texts that were written, of all languages.
  var count: Int { rows.reduce(0) { $0 + $1.texts } }

  /// A line for each language.
  var text: String {
    var table = PlainTable(
      ["language", "entries", "texts", "unchanged", "words", "known", "replaced"],
      numeric: Set(1...6))
    for row in rows {
      func share(_ count: Int) -> String {
        row.words == 0 ? "-" : String(format: "%.1f %%", 100 * Double(count) / Double(row.words))
      }
      table.append([
        row.language, "\(row.entries)", "\(row.texts)", "\(row.unchanged)", "\(row.words)",
        share(row.known), share(row.replaced),
      ])
    }
    return table.text
  }
}
