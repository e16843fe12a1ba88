// SPDX-License-Identifier: Apache-2.0

/// One bar of a reliability diagram.
public struct ReliabilityBin: Sendable, Equatable {
  /// The bound that the bin's confidences lie above.
  public let lower: Double
  /// The bound that they lie below or at.
  public let upper: Double
  /// How many predictions fall in the bin.
  public let count: Int
  /// The share of them that are right; nil where the bin is empty.
  public let accuracy: Double?
  /// Their mean confidence; nil where the bin is empty.
  public let confidence: Double?
}

/// How far confidence can be taken at its word: predictions binned by confidence.
///
/// The bins are of equal width and closed on the right, `(i/B, (i+1)/B]`, so a confidence of
/// exactly 0 falls into none; it still counts in the denominator.
///
/// Source: Guo et al., "On calibration of modern neural networks", 2017.
public struct Reliability: Sendable, Equatable {
  /// The bins, from low to high confidence.
  public let bins: [ReliabilityBin]
  /// How many predictions were given.
  public let count: Int

  /// Bins predictions by confidence.
  ///
  /// - Parameters:
  ///   - confidences: The probability of each prediction, 0...1.
  ///   - correct: Whether each prediction was right.
  ///   - binCount: How many bins; 15 by default, as in the paper.
  /// - Throws: `MetricsError` on different lengths, a confidence outside 0...1 or no bins.
  public init(
    confidences: [Double], correct: [Bool], binCount: Int = 15
  ) throws(MetricsError) {
    try MetricsError.requireSameCount(
      confidences.count, "confidences", correct.count, "outcomes")
    guard binCount > 0 else {
      throw MetricsError(.valueOutOfRange, "expected at least 1 bin, found \(binCount)")
    }
    var counts = [Int](repeating: 0, count: binCount)
    var hits = counts
    var sums = [Double](repeating: 0, count: binCount)
    for (item, confidence) in confidences.enumerated() {
      guard confidence >= 0, confidence <= 1 else {
        throw MetricsError(
          .valueOutOfRange,
          "expected a confidence in 0...1, found \(confidence); "
            + "pass probabilities rather than logits",
          at: "item \(item)")
      }
      guard confidence > 0 else { continue }
      let bin = Self.bin(of: confidence, among: binCount)
      counts[bin] += 1
      sums[bin] += confidence
      if correct[item] { hits[bin] += 1 }
    }
    bins = (0..<binCount).map { bin in
      let n = counts[bin]
      return ReliabilityBin(
        lower: Double(bin) / Double(binCount), upper: Double(bin + 1) / Double(binCount),
        count: n,
        accuracy: n == 0 ? nil : Double(hits[bin]) / Double(n),
        confidence: n == 0 ? nil : sums[bin] / Double(n))
    }
    count = confidences.count
  }

  /// The bin of a confidence, with edges exactly at the nearest numbers to `i / binCount`:
  /// the product alone may round to the wrong side.
  private static func bin(of confidence: Double, among binCount: Int) -> Int {
    let width = Double(binCount)
    var bin = min(max(Int((confidence * width).rounded(.up)) - 1, 0), binCount - 1)
    while bin > 0, confidence <= Double(bin) / width { bin -= 1 }
    while bin < binCount - 1, confidence > Double(bin + 1) / width { bin += 1 }
    return bin
  }

  /// Expected calibration error: the gap between accuracy and confidence, averaged over items.
  ///
  /// 0 is perfect, 1 the worst; NaN where there are no predictions.
  public var expectedCalibrationError: Double {
    guard count > 0 else { return .nan }
    return bins.reduce(0) { $0 + $1.gap * Double($1.count) / Double(count) }
  }

  /// Maximum calibration error: the widest gap of any bin; NaN where there are no predictions.
  public var maximumCalibrationError: Double {
    count > 0 ? bins.reduce(0) { max($0, $1.gap) } : .nan
  }
}

extension ReliabilityBin {
  /// How far accuracy and confidence lie apart; 0 for an empty bin.
  public var gap: Double {
    guard let accuracy, let confidence else { return 0 }
    return abs(accuracy - confidence)
  }
}
