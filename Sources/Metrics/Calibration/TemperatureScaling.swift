// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The one number that logits are divided by so that confidence becomes honest.
///
/// It never changes a prediction, only how sure it sounds. Fit it on development data of the
/// source language; a temperature above 1 says that the model was too sure of itself.
///
/// Source: Guo et al., "On calibration of modern neural networks", 2017.
public struct TemperatureScaling: Sendable, Equatable {
  /// The temperature, positive.
  public let temperature: Double

  /// The range searched, in log temperature: about 0.018 to 55.
  public static let logRange: ClosedRange<Double> = -4...4

  /// Finds the temperature under which the gold classes are likeliest.
  ///
  /// The likelihood is concave in `1/T`, so its slope changes sign at most once: Newton's steps on
  /// the slope, and a bisection wherever a step would leave the bracket. Separable data, whose
  /// likelihood has no peak, get the end of ``logRange``.
  public init(fitting scores: LogitScores) {
    var low = exp(-Self.logRange.upperBound)
    var high = exp(-Self.logRange.lowerBound)
    var inverse = 1.0
    for _ in 0..<200 {
      let (slope, curvature) = Self.slope(of: scores, at: inverse)
      if slope < 0 { low = inverse } else { high = inverse }
      guard slope != 0, high - low > 1e-13 * high else { break }
      let newton = inverse - slope / curvature
      // In log space the middle of a bracket that spans decades is its geometric mean.
      let next = newton > low && newton < high ? newton : (low * high).squareRoot()
      if abs(next - inverse) <= 1e-15 * inverse { break }
      inverse = next
    }
    temperature = 1 / inverse
  }

  /// Takes a temperature fitted earlier.
  ///
  /// - Throws: `MetricsError` unless it is positive and finite.
  public init(temperature: Double) throws(MetricsError) {
    guard temperature > 0, temperature.isFinite else {
      throw MetricsError(
        .valueOutOfRange, "expected a positive, finite temperature, found \(temperature)")
    }
    self.temperature = temperature
  }

  /// The probabilities of one row of logits at this temperature.
  public func callAsFunction(_ row: [Double]) -> [Double] {
    LogitScores.softmax(row, temperature: temperature)
  }

  /// First and second derivative of the mean negative log-likelihood by the inverse temperature.
  private static func slope(
    of scores: LogitScores, at inverse: Double
  ) -> (first: Double, second: Double) {
    var first = 0.0
    var second = 0.0
    for (row, label) in zip(scores.logits, scores.gold) {
      let largest = row.max() ?? 0
      var total = 0.0
      var mean = 0.0
      var square = 0.0
      for logit in row {
        let shifted = logit - largest
        let power = exp(shifted * inverse)
        total += power
        mean += power * shifted
        square += power * shifted * shifted
      }
      mean /= total
      first += mean - (row[label] - largest)
      second += square / total - mean * mean
    }
    let count = Double(scores.gold.count)
    return (first / count, second / count)
  }
}
