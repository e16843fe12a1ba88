// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Metrics
import Tasks
import Torch

/// What the first candidates' heads come to on labelled text of the target: the ranking, checked.
///
/// The text is sealed until the heads have answered. The ranking holds where its first is not worse than the best measured beyond what chance
/// explains: a test of swapped answers (approximate randomisation), p ≥ 0.05.
public struct SourceProbe: Encodable, Sendable, Equatable {
  /// The accuracy that one source's head was measured at.
  public struct Measurement: Encodable, Sendable, Equatable {
    /// The source.
    public var language: String
    /// Rows answered rightly, as a share.
    public var accuracy: Double
    /// Its 95 % bootstrap interval.
    public var low: Double
    /// Its end.
    public var high: Double
  }

  /// What is called chance.
  static let level = 0.05

  /// Labelled rows of the target.
  public var rows: Int
  /// The measured sources, in the order of the ranking.
  public var measured: [Measurement]
  /// The source that was measured best; the first in the ranking of equals.
  public var best: String
  /// How probable a difference like that of the ranking's first to the best is by chance; 1 where they are one.
  public var pValue: Double
  /// Spearman's correlation of the ranking's scores with the accuracies; nil for fewer than three sources, or equal accuracies.
  public var rankCorrelation: Double?
  /// Whether the ranking holds.
  public var holds: Bool

  /// Measures the first `count` sources of a ranking.
  ///
  /// - Throws: `RecipeError` for a ranking without labels, `TaskError` for a label that no source has.
  init(
    _ ranking: SourceRankingResult, development: SourceText, encoder: any SentenceEncoder,
    count: Int,
    seed: UInt64
  ) throws {
    guard let classes = ranking.classes else {
      throw RecipeError(
        .data, "a probe learns heads, which asks for labels of the sources; found text alone")
    }
    let labels = try LabelSet(ordered: classes)
    let sealed = try TargetExamples(
      language: development.language,
      examples: zip(development.texts, development.labels ?? []).map { ($0, $1) },
      labelSet: labels)
    let vectors = try encoder.embed(
      encoder.rows(sealed.texts), language: sealed.language)
    let bootstrap = try Bootstrap(resamples: 1000, seed: seed)
    var correct: [[Bool]] = []
    var measured: [Measurement] = []
    for source in ranking.ranked.prefix(count) {
      guard let head = ranking.heads[source.language] else { continue }
      let outcomes = try sealed.outcomes(TextClassifier.probabilities(vectors, head))
      let right = outcomes.isCorrect
      let interval = try bootstrap.interval(ofAccuracy: right)
      correct.append(right)
      measured.append(
        Measurement(
          language: source.language,
          accuracy: Double(right.count { $0 }) / Double(right.count), low: interval.low,
          high: interval.high))
    }
    let place = measured.indices.reduce(0) {
      measured[$1].accuracy > measured[$0].accuracy ? $1 : $0
    }
    self.measured = measured
    rows = sealed.texts.count
    best = measured[place].language
    let scores = correct.map { $0.map { $0 ? 1.0 : 0 } }
    pValue =
      place == 0 ? 1 : try ApproximateRandomization(scores[0], scores[place], seed: seed).pValue
    holds = pValue >= Self.level
    let accuracies = measured.map(\.accuracy)
    if accuracies.count > 2, Set(accuracies).count > 1 {
      rankCorrelation = try Correlation.spearman(
        ranking.ranked.prefix(count).map(\.score), accuracies
      ).coefficient
    }
  }

  /// The verdict in a sentence.
  public var verdict: String {
    let first = measured[0]
    let accuracy = String(format: "%.3f", first.accuracy)
    let chance = String(format: "p = %.2f", pValue)
    let order = rankCorrelation.map { String(format: "; rank correlation %.2f", $0) } ?? ""
    guard best != first.language, let winner = measured.first(where: { $0.language == best })
    else {
      return "the ranking holds: its first, \(best), was measured best (\(accuracy))\(order)"
    }
    let other = "\(best) (\(String(format: "%.3f", winner.accuracy)))"
    return holds
      ? "the ranking holds: its first, \(first.language) (\(accuracy)), is not worse than the best measured, \(other), beyond chance (\(chance))\(order)"
      : "the ranking does not hold: \(other) is better than its first, \(first.language) (\(accuracy)), beyond chance (\(chance))\(order)"
  }
}

extension SourceRanking {
  /// Measures the first sources of a ranking on labelled text of the target.
  ///
  /// - Parameters:
  ///   - ranking: a ranking with labels, which is given the measurement.
  ///   - development: text of the target with a label for each row.
  ///   - count: the sources to measure.
  ///   - seed: of the intervals and the test.
  public func probe(
    _ ranking: inout SourceRankingResult, development: SourceText, count: Int, seed: UInt64
  ) throws {
    ranking.probe = try SourceProbe(
      ranking, development: development, encoder: encoder, count: count, seed: seed)
  }
}
