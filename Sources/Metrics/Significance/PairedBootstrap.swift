// SPDX-License-Identifier: Apache-2.0

/// A paired bootstrap test of whether system *a* is better than system *b* on the same items.
///
/// Items, not systems, are drawn with replacement, so that what makes an item hard for both
/// cancels. Source: Koehn, "Statistical significance tests for machine translation evaluation",
/// 2004; the centred two-sided value follows Efron and Tibshirani, 1993, chapter 16.
public struct PairedBootstrap: Sendable, Equatable {
  /// The mean of `a - b` on the items as they are.
  public let meanDifference: Double
  /// The share of resamples in which *a* is not better; a one-sided p-value.
  public let fractionANotBetter: Double
  /// The share of resamples in which *b* is not better; a one-sided p-value.
  public let fractionBNotBetter: Double
  /// Two-sided p-value, `(c + 1) / (R + 1)`, where *c* of *R* resamples, moved to a mean
  /// difference of zero, differ at least as much as was observed.
  public let pValue: Double
  /// The 95 % percentile interval of the mean difference.
  public let interval: Interval
  /// How many resamples were taken.
  public let resamples: Int

  /// Compares two systems by drawing items.
  ///
  /// - Parameters:
  ///   - a: A score per item.
  ///   - b: The other system's score on the same items.
  ///   - resamples: 2,000 by default.
  ///   - seed: What the draws follow from.
  /// - Throws: `MetricsError` where the lengths differ, there are no items, a score is not finite
  ///   or there is no resample.
  public init(
    _ a: [Double], _ b: [Double], resamples: Int = 2_000, seed: UInt64 = 0
  ) throws(MetricsError) {
    let differences = try PairedDifferences(a, b)
    try MetricsError.requireCount(resamples, atLeast: 1, of: "resamples")
    let values = differences.values
    let means = (0..<resamples).map { index in
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      var sum = 0.0
      for _ in values { sum += values[generator.index(below: values.count)] }
      return sum / Double(values.count)
    }
    self.init(differences, means)
  }

  /// Compares two systems on draws made elsewhere, so that another tool's run can be repeated.
  ///
  /// - Parameters:
  ///   - a: A score per item.
  ///   - b: The other system's score on the same items.
  ///   - resamples: For each resample the indices of its items.
  /// - Throws: `MetricsError` as above, and where an index is out of range.
  public init(
    _ a: [Double], _ b: [Double], resamples: [[Int]]
  ) throws(MetricsError) {
    let differences = try PairedDifferences(a, b)
    try MetricsError.requireCount(resamples.count, atLeast: 1, of: "resamples")
    var means: [Double] = []
    for (number, indices) in resamples.enumerated() {
      try MetricsError.requireSameCount(a.count, "items", indices.count, "drawn indices")
      var sum = 0.0
      for index in indices {
        guard index >= 0, index < a.count else {
          throw MetricsError(
            .valueOutOfRange, "expected an index in 0..<\(a.count), found \(index)",
            at: "resample \(number)")
        }
        sum += differences.values[index]
      }
      means.append(sum / Double(indices.count))
    }
    self.init(differences, means)
  }

  private init(_ differences: PairedDifferences, _ means: [Double]) {
    let observed = differences.mean
    let tolerance = differences.tolerance
    let count = Double(means.count)
    let extreme = means.count { abs($0 - observed) >= abs(observed) - tolerance }
    meanDifference = observed
    fractionANotBetter = Double(means.count { $0 <= tolerance }) / count
    fractionBNotBetter = Double(means.count { $0 >= -tolerance }) / count
    pValue = Double(extreme + 1) / (count + 1)
    interval = Interval(percentilesOf: means, confidence: 0.95)
    resamples = means.count
  }
}
