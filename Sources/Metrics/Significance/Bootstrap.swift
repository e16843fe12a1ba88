// SPDX-License-Identifier: Apache-2.0

/// Percentile bootstrap intervals: how far a score would move on other test items of the kind.
///
/// Items are drawn with replacement, the score is taken again, and the interval holds the middle of
/// what comes out. Resample *r* draws from stream *r* of the seed, so the interval follows from
/// seed and data alone. Cost: `resamples` times the number of items.
///
/// It knows nothing of variation between training runs, and on fewer than about 20 items it is too
/// narrow. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
public struct Bootstrap: Sendable {
  /// How often the items are drawn anew.
  public let resamples: Int
  /// The share of resamples inside the interval.
  public let confidence: Double
  /// What the draws follow from.
  public let seed: UInt64

  /// Sets up a bootstrap.
  ///
  /// - Parameters:
  ///   - resamples: 2,000 by default.
  ///   - confidence: 0.95 by default.
  ///   - seed: 0 by default.
  /// - Throws: `MetricsError` where there is no resample or the confidence is not within 0..<1.
  public init(
    resamples: Int = 2_000, confidence: Double = 0.95, seed: UInt64 = 0
  ) throws(MetricsError) {
    guard resamples > 0 else {
      throw MetricsError(
        .valueOutOfRange, "expected at least 1 resample, found \(resamples); 1,000 is usual")
    }
    guard confidence > 0, confidence < 1 else {
      throw MetricsError(
        .valueOutOfRange,
        "expected a confidence between 0 and 1, found \(confidence); 0.95 is usual")
    }
    self.resamples = resamples
    self.confidence = confidence
    self.seed = seed
  }

  /// The interval of the mean of `values`, as of a score that each item has for itself.
  ///
  /// - Throws: `MetricsError` where there are no values.
  public func interval(ofMean values: [Double]) throws(MetricsError) -> Interval {
    try interval(over: values.count) { generator in
      var sum = 0.0
      for _ in values { sum += values[generator.index(below: values.count)] }
      return sum / Double(values.count)
    }
  }

  /// The interval of a quotient of two sums over items, as of F1 over entities; of nothing below it is 0.
  ///
  /// - Throws: `MetricsError` where there are no items.
  public func interval(
    ofQuotient items: [(part: Double, whole: Double)]
  ) throws(MetricsError) -> Interval {
    try interval(over: items.count) { generator in
      var (part, whole) = (0.0, 0.0)
      for _ in items {
        let item = items[generator.index(below: items.count)]
        part += item.part
        whole += item.whole
      }
      return whole == 0 ? 0 : part / whole
    }
  }

  /// The interval of a quotient that several runs came to on the same items: each resample takes one of the runs, so that the interval covers
  /// how runs differ as well as which items there were.
  ///
  /// - Parameter runs: the items of each run.
  /// - Throws: `MetricsError` where there is no run, or one has no items.
  public func interval(
    ofQuotients runs: [[(part: Double, whole: Double)]]
  ) throws(MetricsError) -> Interval {
    try MetricsError.requireCount(runs.count, atLeast: 1, of: "runs")
    for run in runs { try MetricsError.requireCount(run.count, atLeast: 1, of: "items") }
    return try interval(over: runs.count) { generator in
      let items = runs[generator.index(below: runs.count)]
      var (part, whole) = (0.0, 0.0)
      for _ in items {
        let item = items[generator.index(below: items.count)]
        part += item.part
        whole += item.whole
      }
      return whole == 0 ? 0 : part / whole
    }
  }

  /// The interval of an accuracy.
  ///
  /// - Parameter correct: Whether each prediction was right.
  /// - Throws: `MetricsError` where there are no predictions.
  public func interval(ofAccuracy correct: [Bool]) throws(MetricsError) -> Interval {
    // Whole numbers: the sum is exact in any order.
    let hits = correct.map { $0 ? 1 : 0 }
    return try interval(over: hits.count) { generator in
      var sum = 0
      for _ in hits { sum += hits[generator.index(below: hits.count)] }
      return Double(sum) / Double(hits.count)
    }
  }

  /// The interval of any score that can be read off a confusion matrix, such as macro-F1.
  ///
  /// - Throws: `MetricsError` as ``Confusion/init(gold:predicted:classCount:)`` does, and where
  ///   there are no items.
  public func interval(
    gold: [Int], predicted: [Int], classCount: Int, score: (Confusion) -> Double
  ) throws(MetricsError) -> Interval {
    // Built once for its checks; each resample then only counts cells.
    var confusion = try Confusion(gold: gold, predicted: predicted, classCount: classCount)
    let cells = zip(gold, predicted).map { $0 * classCount + $1 }
    return try interval(over: cells.count) { generator in
      confusion.recount(cells: cells, drawing: cells.count, from: &generator)
      return score(confusion)
    }
  }

  private func interval(
    over count: Int, resample: (inout SeededGenerator) -> Double
  ) throws(MetricsError) -> Interval {
    try MetricsError.requireCount(count, atLeast: 1, of: "items")
    let sample = (0..<resamples).map { index in
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      return resample(&generator)
    }
    return Interval(percentilesOf: sample, confidence: confidence)
  }
}
