// SPDX-License-Identifier: Apache-2.0

import Metrics
import Tasks

/// How two methods' answers to the same questions differ.
public struct MethodComparison: Sendable {
  /// The method that is kept.
  public var kept: String
  /// The one it is compared with.
  public var other: String
  /// The language.
  public var language: String
  /// Examples.
  public var count: Int
  /// The kept method's accuracy less the other's.
  public var difference: Double
  /// The difference's 95 % paired bootstrap interval.
  public var interval: Interval

  /// Compares predictions of one language.
  init(
    kept: String, _ left: ClassificationOutcomes, other: String, _ right: ClassificationOutcomes,
    bootstrap: Bootstrap
  ) throws {
    self.kept = kept
    self.other = other
    language = left.language
    let differences = zip(left.isCorrect, right.isCorrect).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
    count = differences.count
    difference = differences.reduce(0, +) / Double(max(count, 1))
    interval = try bootstrap.interval(ofMean: differences)
  }

  /// The row of `results.json`.
  func row(task: String, split: String) -> ResultRow {
    ResultRow(
      task: task, language: language, split: split, n: count, metric: "accuracy_gain",
      value: difference, interval: interval, method: "\(kept) - \(other)")
  }
}
