// SPDX-License-Identifier: Apache-2.0

import Corpora
import Tasks
import Training

/// Unlabelled text to train on, a line each.
public struct LanguageTexts {
  /// Lines of one language.
  public struct Part: Sendable {
    /// The language, as it was named; empty where it was not.
    public var language: String
    /// The lines.
    public var lines: [String]

    /// Lines of a language; of none that is named by default.
    public init(_ lines: [String], language: String = "") {
      (self.lines, self.language) = (lines, language)
    }
  }

  /// To learn from.
  public var training: [Part]
  /// To judge by; empty for none.
  public var development: [Part]
  /// Of the source language, for an anchor; empty for none.
  public var source: [String]
  /// Texts that say the same in two languages, a row for both of a pair; empty for none.
  public var pairs: [ParallelText]

  /// Texts to learn from, and others where there are any.
  public init(
    _ training: [Part], development: [Part] = [], source: [String] = [],
    pairs: [ParallelText] = []
  ) {
    (self.training, self.development, self.source) = (training, development, source)
    self.pairs = pairs
  }

  /// Lines and pairs to learn from.
  public var lineCount: Int { training.reduce(pairs.count) { $0 + $1.lines.count } }

  /// Parts with the lines of one language together, in the order in which languages are named first.
  static func joined(_ parts: [Part]) -> [Part] {
    var result: [Part] = []
    for part in parts {
      if let place = result.firstIndex(where: { $0.language == part.language }) {
        result[place].lines += part.lines
      } else {
        result.append(part)
      }
    }
    return result
  }

  /// The rows of parts; no row has lines of two languages.
  func rows(
    _ parts: [Part], _ encoder: RowEncoder, _ layout: LanguageRows.Layout
  ) throws -> LanguageRows {
    // Without any text there is still what stands in front of it.
    var rows = try LanguageRows([], encoder, layout)
    for part in Self.joined(parts) {
      rows.append(try LanguageRows(part.lines, encoder, layout, language: part.language))
    }
    return rows
  }
}
