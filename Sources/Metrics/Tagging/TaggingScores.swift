// SPDX-License-Identifier: Apache-2.0

/// How well entities were found: precision, recall and F1 over whole entities.
///
/// An entity counts where type, start and end are all right. Source: Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003
/// shared task", 2003; numbers equal those of seqeval 1.2.2 in its default mode and in its strict one. Shares of nothing are 0.
public struct TaggingScores: Sendable, Equatable {
  /// Right entities as a share of those found.
  public let precision: Double
  /// Right entities as a share of those that there are.
  public let recall: Double
  /// The harmonic mean of both.
  public let f1: Double
  /// The mean over types of their F1; NaN where there are no types.
  public let macroF1: Double
  /// The score of each type that occurs in gold or prediction, by the type's name, sorted by it.
  public let types: [(type: String, score: ClassScore)]
  /// The share of words whose tag is right.
  public let accuracy: Double

  /// Scores the tags of sentences.
  ///
  /// - Parameters:
  ///   - gold: the true tags, one list a sentence.
  ///   - predicted: as many tags of a model.
  ///   - scheme: the scheme that tags must keep to; nil, the default, reads them generously (``EntitySpan/lenient(_:)``).
  /// - Throws: `MetricsError` where the two differ in length, or a tag is outside the scheme.
  public init(
    gold: [[String]], predicted: [[String]], scheme: TagScheme? = nil
  ) throws(MetricsError) {
    try MetricsError.requireSameCount(
      gold.count, "gold sentences", predicted.count, "predicted sentences")
    var counts: [String: Counts] = [:]
    var (words, right) = (0, 0)
    for sentence in gold.indices {
      let (truth, guess) = (gold[sentence], predicted[sentence])
      guard truth.count == guess.count else {
        throw MetricsError(
          .lengthMismatch,
          "expected \(truth.count) predicted tags, one per word, found \(guess.count)",
          at: "sentence \(sentence + 1)")
      }
      words += truth.count
      right += zip(truth, guess).count { $0.utf8.elementsEqual($1.utf8) }
      let spans = try Self.spans(truth, scheme, sentence)
      let found = try Self.spans(guess, scheme, sentence)
      let known = Set(spans)
      for span in spans { counts[span.type, default: Counts()].gold += 1 }
      for span in found {
        counts[span.type, default: Counts()].predicted += 1
        if known.contains(span) { counts[span.type, default: Counts()].right += 1 }
      }
    }
    types = counts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { ($0, counts[$0, default: Counts()].score) }
    let sum = counts.values.reduce(into: Counts()) { $0.add($1) }
    precision = sum.score.precision
    recall = sum.score.recall
    f1 = sum.score.f1
    macroF1 =
      types.isEmpty ? .nan : types.reduce(0) { $0 + $1.score.f1 } / Double(types.count)
    accuracy = words == 0 ? 0 : Double(right) / Double(words)
  }

  private static func spans(
    _ tags: [String], _ scheme: TagScheme?, _ sentence: Int
  ) throws(MetricsError) -> [EntitySpan] {
    guard let scheme else { return EntitySpan.lenient(tags) }
    do {
      return try EntitySpan.strict(tags, scheme: scheme)
    } catch {
      let place = error.location.map { "sentence \(sentence + 1), \($0)" }
      throw MetricsError(error.code, error.message, at: place)
    }
  }

  /// Whether all numbers are equal.
  public static func == (left: TaggingScores, right: TaggingScores) -> Bool {
    left.precision == right.precision && left.recall == right.recall && left.f1 == right.f1
      && left.accuracy == right.accuracy && left.types.map(\.type) == right.types.map(\.type)
      && left.types.map(\.score) == right.types.map(\.score)
  }

  private struct Counts {
    var (gold, predicted, right) = (0, 0, 0)

    mutating func add(_ other: Counts) {
      gold += other.gold
      predicted += other.predicted
      right += other.right
    }

    var score: ClassScore { ClassScore(hits: right, predicted: predicted, support: gold) }
  }
}
