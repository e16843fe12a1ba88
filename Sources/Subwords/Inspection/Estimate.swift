// SPDX-License-Identifier: Apache-2.0

/// A measured number with its 95 % interval.
///
/// The interval says how far the number would move on other sentences of the kind; it is a percentile
/// bootstrap over sentences, with weights drawn from a Poisson distribution so that text can stream by
/// (Chamandy et al., 2012, "Estimating uncertainty for massive data streams"). On fewer than some twenty
/// sentences it is too narrow.
public struct Estimate: Sendable, Equatable, Codable {
  /// The number itself.
  public var value: Double
  /// The lower end; nil where there was too little text.
  public var low: Double?
  /// The upper end; nil where there was too little text.
  public var high: Double?

  /// Makes an estimate.
  public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The number with the middle 95 % of its replicates around it; nil where it is not a number.
  ///
  /// Percentiles are interpolated linearly (type 7 of Hyndman and Fan, 1996).
  init?(_ value: Double?, replicates: [Double?]) {
    guard let value, value.isFinite else { return nil }
    self.value = value
    let sorted = replicates.compactMap { $0 }.filter(\.isFinite).sorted()
    // A replicate that drew no sentence at all says nothing; many of them say that there are too few.
    guard sorted.count > 1, sorted.count * 10 >= replicates.count * 9 else { return }
    func percentile(_ share: Double) -> Double {
      let position = share * Double(sorted.count - 1)
      let below = Int(position)
      guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
      return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
    }
    low = percentile(0.025)
    high = percentile(0.975)
  }
}
