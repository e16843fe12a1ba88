// SPDX-License-Identifier: Apache-2.0

/// The classifier that always answers the commonest training class: the floor under every score.
public struct MajorityBaseline: Sendable, Equatable {
  /// The class it answers; the lowest index among equally common ones.
  public let label: Int

  /// Learns the commonest class.
  ///
  /// - Throws: `MetricsError` where there are no labels or one is negative.
  public init(trainingLabels: [Int]) throws(MetricsError) {
    try MetricsError.requireCount(trainingLabels.count, atLeast: 1, of: "training labels")
    var counts: [Int] = []
    for (item, label) in trainingLabels.enumerated() {
      guard label >= 0 else {
        throw MetricsError(
          .classOutOfRange, "expected a class of 0 or more, found \(label)", at: "item \(item)")
      }
      if label >= counts.count {
        counts.append(contentsOf: repeatElement(0, count: label + 1 - counts.count))
      }
      counts[label] += 1
    }
    var best = 0
    for label in counts.indices where counts[label] > counts[best] { best = label }
    label = best
  }

  /// The share of `gold` that is the majority class; NaN where `gold` is empty.
  public func accuracy(on gold: [Int]) -> Double {
    guard !gold.isEmpty else { return .nan }
    return Double(gold.count { $0 == label }) / Double(gold.count)
  }
}
