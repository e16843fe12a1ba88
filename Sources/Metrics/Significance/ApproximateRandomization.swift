// SPDX-License-Identifier: Apache-2.0

/// A paired randomisation test, which asks how often chance alone parts two systems as far.
///
/// For each item the two scores are swapped or not by the flip of a coin; the p-value is the share
/// of such worlds in which the mean difference is at least as large, in either direction, as the
/// observed one. It assumes less than a t-test. Source: Noreen, "Computer-intensive methods for
/// testing hypotheses", 1989.
public struct ApproximateRandomization: Sendable, Equatable {
  /// The mean of `a - b`.
  public let meanDifference: Double
  /// The two-sided p-value.
  public let pValue: Double
  /// How many swappings were looked at.
  public let samples: Int

  /// The most items whose `2^n` swappings ``init(exactly:_:)`` takes on.
  public static let exactLimit = 24

  /// Draws swappings: `p = (c + 1) / (samples + 1)`.
  ///
  /// - Parameters:
  ///   - a: A score per item.
  ///   - b: The other system's score on the same items.
  ///   - samples: 10,000 by default.
  ///   - seed: What the coin flips follow from.
  /// - Throws: `MetricsError` where the lengths differ, there are no items, a score is not finite
  ///   or there is no sample.
  public init(
    _ a: [Double], _ b: [Double], samples: Int = 10_000, seed: UInt64 = 0
  ) throws(MetricsError) {
    let differences = try PairedDifferences(a, b)
    try MetricsError.requireCount(samples, atLeast: 1, of: "samples")
    let test = Threshold(differences)
    var extreme = 0
    for index in 0..<samples {
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      var sum = 0.0
      var coins: UInt64 = 0
      for item in differences.values.indices {
        if item % 64 == 0 { coins = generator.next() }
        sum += coins & 1 == 1 ? -differences.values[item] : differences.values[item]
        coins >>= 1
      }
      if test.isExtreme(sum) { extreme += 1 }
    }
    self.init(differences, Double(extreme + 1) / Double(samples + 1), samples)
  }

  /// Looks at every one of the `2^n` swappings.
  ///
  /// - Throws: `MetricsError` as above, and for more than ``exactLimit`` items.
  public init(exactly a: [Double], _ b: [Double]) throws(MetricsError) {
    let differences = try PairedDifferences(a, b)
    guard a.count <= Self.exactLimit else {
      throw MetricsError(
        .valueOutOfRange,
        "expected at most \(Self.exactLimit) items for the exact test, found \(a.count); "
          + "draw samples instead")
    }
    let test = Threshold(differences)
    let worlds = 1 << a.count
    var extreme = 0
    for world in 0..<worlds {
      var sum = 0.0
      for item in differences.values.indices {
        sum += world >> item & 1 == 1 ? -differences.values[item] : differences.values[item]
      }
      if test.isExtreme(sum) { extreme += 1 }
    }
    self.init(differences, Double(extreme) / Double(worlds), worlds)
  }

  /// Takes swappings made elsewhere, so that another tool's run can be repeated.
  ///
  /// - Parameters:
  ///   - a: A score per item.
  ///   - b: The other system's score on the same items.
  ///   - swaps: For each sample, whether each item's scores change places.
  /// - Throws: `MetricsError` as above.
  public init(_ a: [Double], _ b: [Double], swaps: [[Bool]]) throws(MetricsError) {
    let differences = try PairedDifferences(a, b)
    try MetricsError.requireCount(swaps.count, atLeast: 1, of: "samples")
    let test = Threshold(differences)
    var extreme = 0
    for flips in swaps {
      try MetricsError.requireSameCount(a.count, "items", flips.count, "swaps")
      var sum = 0.0
      for (difference, swapped) in zip(differences.values, flips) {
        sum += swapped ? -difference : difference
      }
      if test.isExtreme(sum) { extreme += 1 }
    }
    self.init(differences, Double(extreme + 1) / Double(swaps.count + 1), swaps.count)
  }

  private init(_ differences: PairedDifferences, _ pValue: Double, _ samples: Int) {
    meanDifference = differences.mean
    self.pValue = pValue
    self.samples = samples
  }

  /// Sums are compared rather than means: one division less in the inner loop.
  private struct Threshold {
    let sum: Double

    init(_ differences: PairedDifferences) {
      sum = (abs(differences.mean) - differences.tolerance) * Double(differences.values.count)
    }

    func isExtreme(_ other: Double) -> Bool { abs(other) >= sum }
  }
}
