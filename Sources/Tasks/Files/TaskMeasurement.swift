// SPDX-License-Identifier: Apache-2.0

import Metrics

/// How good a task's predictions are in one language: every score, and how far the first would move on other examples.
public struct TaskMeasurement: Sendable, Equatable, Codable {
  /// The language, or the file.
  public var language: String
  /// Examples.
  public var count: Int
  /// The scores; the first is the one that counts.
  public var scores: [TaskScore]
  /// The 95 % bootstrap interval of the first; nil where it is no quotient of sums over examples, as a correlation.
  public var interval: Interval?

  /// The score that counts.
  public var value: Double { scores.first?.value ?? 0 }

  /// Measures predictions of sealed examples.
  public init<Task: FileTask>(
    _ examples: SealedExamples<Task>, _ predictions: [Task.Prediction], _ task: Task,
    _ bootstrap: Bootstrap
  ) throws {
    language = examples.language
    count = examples.inputs.count
    let gold = try examples.opened(by: predictions)
    scores = try task.scores(predictions, gold: gold)
    interval = try task.shares(predictions, gold: gold).map {
      try bootstrap.interval(ofShares: $0)
    }
  }
}

extension Bootstrap {
  /// The interval of a quotient of two sums over examples; of nothing below it is 0.
  func interval(ofShares shares: [ScoreShare]) throws(MetricsError) -> Interval {
    try interval(ofQuotient: shares.map { ($0.part, $0.whole) })
  }
}
