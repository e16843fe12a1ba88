// SPDX-License-Identifier: Apache-2.0

import Foundation
import Transfer

/// What was made of a base with new pieces, for people and as JSON.
struct RevisedBaseReport: Encodable {
  private let output: String
  private let initialization: InitializationKind
  private let seed: UInt64
  private let rows: RevisedBase.Summary
  private let vocabulary: ExtendedVocabulary.Report?

  init(
    _ rows: RevisedBase.Summary, _ vocabulary: ExtendedVocabulary.Report?,
    _ options: InitializationOptions, _ output: String
  ) {
    (self.rows, self.vocabulary, self.output) = (rows, vocabulary, output)
    (initialization, seed) = (options.initialization, options.seed)
  }

  /// Says it on standard error, and prints the document where it is wanted.
  func tell(json: Bool) throws {
    if let vocabulary {
      Terminal.log(
        "\(vocabulary.added) pieces added, \(vocabulary.givenUp) given up; the new text takes \(vocabulary.tokensAfter) tokens "
          + "instead of \(vocabulary.tokensBefore), \(vocabulary.unknownAfter) of them unknown instead of "
          + "\(vocabulary.unknownBefore)")
      Terminal.log(Self.promise(vocabulary))
    }
    Terminal.log(
      "\(output): \(rows.after) rows instead of \(rows.before): \(rows.kept) kept, \(rows.copied) copied, \(rows.mixed) mixed, "
        + "\(rows.drawn) drawn (\(initialization.rawValue)); in \(rows.tables.joined(separator: ", "))"
    )
    guard json else { return }
    try Terminal.write(json: self, asLine: true)
  }

  /// What is known of how old text is cut.
  private static func promise(_ vocabulary: ExtendedVocabulary.Report) -> String {
    if !vocabulary.scripts.isEmpty {
      let script = vocabulary.scripts.joined(separator: " or ")
      return
        "text without letters of \(script) is cut as before, text with them may be cut otherwise; give --old-text to keep some of it"
    }
    return vocabulary.changedWords == 0
      ? "no word of the old text is cut otherwise"
      : "\(vocabulary.changedWords) words of the old text are cut otherwise"
  }
}
