// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords

/// Everything that a report on subword vocabularies shows, as plain data.
///
/// Nothing here is a date, so that the same text and vocabularies give the same page.
public struct SubwordReport: Sendable, Equatable, Codable {
  /// The page's title.
  public var title: String
  /// The vocabularies; the first is the one that the page speaks of, the others are set beside it.
  public var vocabularies: [VocabularyInspection]
  /// What changes from the first vocabulary to each other one, in their order.
  public var comparisons: [VocabularyComparison]
  /// Facts for the end of the page, such as the text that was measured.
  public var facts: [TransferReport.Field]

  /// Starts a report.
  public init(
    title: String, vocabularies: [VocabularyInspection], comparisons: [VocabularyComparison] = [],
    facts: [TransferReport.Field] = []
  ) {
    self.title = title
    self.vocabularies = vocabularies
    self.comparisons = comparisons
    self.facts = facts
  }

  /// The report as one HTML page that needs no network and works without its script, which sorts, filters and
  /// reads the map out.
  ///
  /// - Throws: `ReportsError.Code.inconsistent` where there is no vocabulary or no language.
  public func html() throws(ReportsError) -> String {
    guard let first = vocabularies.first, !first.languages.isEmpty else {
      throw ReportsError(
        .inconsistent,
        "expected at least one vocabulary and one language, found none; inspect some text")
    }
    return try PageTemplate.render(
      SubwordPageView(self, first), "page", of: SubwordTemplate.all)
  }

  /// Writes the page, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `ReportsError` as ``html()``, or naming the file where it cannot be written.
  public func write(to file: URL) throws(ReportsError) {
    try PageTemplate.write(try html(), to: file)
  }
}
