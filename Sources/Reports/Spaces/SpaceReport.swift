// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Words of several languages in one space, for a page on which they are looked up and seen.
///
/// Nothing here is a date, so that the same vectors give the same page.
public struct SpaceReport: Sendable {
  /// A language's part.
  public struct Language: Sendable {
    /// What it is called.
    public var name: String
    /// Its words.
    public var words: [String]
    /// Where each word lies, across and upwards.
    public var places: [(x: Double, y: Double)]
    /// For each language, for each word, the nearest words of that language with their scores, the best first.
    public var neighbors: [[[(index: Int, score: Double)]]]
    /// For each language the share of words that are the best translation of their own best translation; nil for itself.
    public var mutualShares: [Double?]

    /// A language's part.
    public init(
      name: String, words: [String], places: [(x: Double, y: Double)],
      neighbors: [[[(index: Int, score: Double)]]], mutualShares: [Double?]
    ) {
      self.name = name
      self.words = words
      self.places = places
      self.neighbors = neighbors
      self.mutualShares = mutualShares
    }
  }

  /// The page's title.
  public var title: String
  /// The languages; each has a colour and a shape.
  public var languages: [Language]
  /// The share of the vectors' variance that the picture shows, 0 to 1.
  public var variance: Double

  /// A report on languages.
  public init(title: String, languages: [Language], variance: Double) {
    self.title = title
    self.languages = languages
    self.variance = variance
  }

  /// The report as one HTML page that needs no network.
  ///
  /// - Throws: `ReportsError.Code.inconsistent` where there is no word, or numbers do not belong together.
  public func html() throws(ReportsError) -> String {
    guard !languages.isEmpty, languages.allSatisfy({ !$0.words.isEmpty }) else {
      throw ReportsError(
        .inconsistent, "expected languages with words, found none; name files of vectors")
    }
    for language in languages {
      guard language.places.count == language.words.count,
        language.neighbors.count == languages.count,
        language.mutualShares.count == languages.count
      else {
        throw ReportsError(
          .inconsistent, "expected a place and neighbours for each word of \(language.name)")
      }
      for (other, lists) in zip(languages, language.neighbors) {
        guard lists.count == language.words.count,
          lists.allSatisfy({ $0.allSatisfy { other.words.indices.contains($0.index) } })
        else {
          throw ReportsError(
            .inconsistent, "a neighbour of a word of \(language.name) is no word of \(other.name)")
        }
      }
    }
    return try PageTemplate.render(SpacePageView(self), "page", of: SpaceTemplate.all)
  }

  /// Writes the page, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `ReportsError` as ``html()``, or naming the file where it cannot be written.
  public func write(to file: URL) throws(ReportsError) {
    try PageTemplate.write(try html(), to: file)
  }
}
