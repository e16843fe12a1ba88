// SPDX-License-Identifier: Apache-2.0

/// What is lost on the way from the source language to the others.
public struct TransferGap: Sendable, Equatable {
  /// A language's score.
  public struct Score: Sendable, Equatable {
    /// The language's code.
    public let language: String
    /// The score; higher is better.
    public let value: Double

    /// Pairs a language with its score.
    public init(language: String, value: Double) {
      self.language = language
      self.value = value
    }
  }

  /// The language whose labels were learnt from.
  public let sourceLanguage: String
  /// The source language's score.
  public let source: Double
  /// The other languages from weakest to best; equals in the order of their codes' bytes.
  public let others: [Score]

  /// Splits scores into source and others.
  ///
  /// - Throws: `MetricsError` where the source has no score, a language has two, or one is NaN.
  public init(scores: [Score], source sourceLanguage: String) throws(MetricsError) {
    var seen: Set<String> = []
    for score in scores {
      guard seen.insert(score.language).inserted else {
        throw MetricsError(
          .duplicateResult,
          "expected one score per language, found another for \(score.language)")
      }
      guard !score.value.isNaN else {
        throw MetricsError(
          .valueOutOfRange,
          "expected a number for \(score.language), found NaN; leave out languages without items")
      }
    }
    guard let source = scores.first(where: { $0.language == sourceLanguage }) else {
      throw MetricsError(
        .sourceMissing,
        "expected a score of the source language \(sourceLanguage), found only "
          + "\(scores.map(\.language).joined(separator: ", ")); evaluate the source language too")
    }
    self.sourceLanguage = sourceLanguage
    self.source = source.value
    others = scores.filter { $0.language != sourceLanguage }.sorted {
      $0.value == $1.value
        ? $0.language.utf8.lexicographicallyPrecedes($1.language.utf8) : $0.value < $1.value
    }
  }

  /// The mean over the other languages; nil where there are none.
  public var meanOfOthers: Double? { weakestMean(others.count) }

  /// The source's score minus the mean over the others; nil where there are none.
  public var gap: Double? { meanOfOthers.map { source - $0 } }

  /// The other language with the lowest score; nil where there are none.
  public var weakest: Score? { others.first }

  /// The mean over the `count` weakest other languages, or over all where there are fewer.
  public func weakestMean(_ count: Int) -> Double? {
    let tail = others.prefix(max(count, 0))
    guard !tail.isEmpty else { return nil }
    return tail.reduce(0) { $0 + $1.value } / Double(tail.count)
  }
}
