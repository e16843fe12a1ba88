// SPDX-License-Identifier: Apache-2.0

/// A confidence interval.
public struct Interval: Sendable, Hashable, Codable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Makes an interval from its ends.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The central interval of a sample that holds the share `confidence` of it.
  init(percentilesOf sample: [Double], confidence: Double) {
    let sorted = sample.sorted()
    low = Self.percentile((1 - confidence) / 2, of: sorted)
    high = Self.percentile((1 + confidence) / 2, of: sorted)
  }

  /// A percentile by linear interpolation between neighbours (type 7 of Hyndman and Fan, 1996).
  private static func percentile(_ share: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.last else { return .nan }
    let position = share * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
  }
}
