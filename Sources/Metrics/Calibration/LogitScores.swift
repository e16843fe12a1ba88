// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A classifier's raw outputs beside the gold classes, and what probability they were worth.
///
/// Softmax is taken in double precision with the largest logit subtracted, so that no input
/// overflows. All scores can be asked at a temperature (see ``TemperatureScaling``).
public struct LogitScores: Sendable, Equatable {
  /// One row per item, one logit per class.
  public let logits: [[Double]]
  /// The gold class of each item.
  public let gold: [Int]
  /// How many classes there are.
  public let classCount: Int

  /// Pairs logits with gold classes.
  ///
  /// - Parameters:
  ///   - logits: `[items][classes]`, finite.
  ///   - gold: `[items]`, each in `0..<classes`.
  /// - Throws: `MetricsError` where there are no items, the rows differ in length, a logit is not
  ///   finite or a class is out of range.
  public init(logits: [[Double]], gold: [Int]) throws(MetricsError) {
    try MetricsError.requireSameCount(logits.count, "logit rows", gold.count, "gold labels")
    try MetricsError.requireCount(logits.count, atLeast: 1, of: "items")
    let classCount = logits[0].count
    for (item, row) in logits.enumerated() {
      guard row.count == classCount else {
        throw MetricsError(
          .lengthMismatch,
          "expected \(classCount) logits as in the first row, found \(row.count)",
          at: "item \(item)")
      }
      if let bad = row.first(where: { !$0.isFinite }) {
        throw MetricsError(
          .valueOutOfRange,
          "expected finite logits, found \(bad); has training diverged?", at: "item \(item)")
      }
      guard gold[item] >= 0, gold[item] < classCount else {
        throw MetricsError(
          .classOutOfRange,
          "expected a gold class in 0..<\(classCount), found \(gold[item])", at: "item \(item)")
      }
    }
    self.logits = logits
    self.gold = gold
    self.classCount = classCount
  }

  /// The softmax of one row of logits.
  ///
  /// - Parameters:
  ///   - row: Logits, finite.
  ///   - temperature: What they are divided by; 1 by default.
  public static func softmax(_ row: [Double], temperature: Double = 1) -> [Double] {
    let largest = row.max() ?? 0
    let powers = row.map { exp(($0 - largest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The probabilities of all items, `[items][classes]`.
  public func probabilities(temperature: Double = 1) -> [[Double]] {
    logits.map { Self.softmax($0, temperature: temperature) }
  }

  /// The class with the largest logit of each item; the lowest among equals.
  public var predicted: [Int] {
    logits.map { row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
  }

  /// The share of items whose largest logit is that of the gold class.
  public var accuracy: Double {
    Double(zip(predicted, gold).count { $0 == $1 }) / Double(gold.count)
  }

  /// The mean negative log-likelihood of the gold classes, in nats.
  public func negativeLogLikelihood(temperature: Double = 1) -> Double {
    var sum = 0.0
    for (row, label) in zip(logits, gold) {
      let largest = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp(($1 - largest) / temperature) }
      sum += log(total) - (row[label] - largest) / temperature
    }
    return sum / Double(gold.count)
  }

  /// The Brier score: the mean over items of the squared distance to the one-hot truth, 0...2.
  ///
  /// Source: Brier, "Verification of forecasts expressed in terms of probability", 1950.
  public func brier(temperature: Double = 1) -> Double {
    var sum = 0.0
    for (row, label) in zip(logits, gold) {
      for (index, p) in Self.softmax(row, temperature: temperature).enumerated() {
        let error = index == label ? p - 1 : p
        sum += error * error
      }
    }
    return sum / Double(gold.count)
  }

  /// The predictions binned by their confidence, the largest probability.
  ///
  /// - Throws: `MetricsError` where `binCount` is not positive.
  public func reliability(
    temperature: Double = 1, binCount: Int = 15
  ) throws(MetricsError) -> Reliability {
    let confidences = logits.map {
      // Rounding can lift a certain prediction a hair above 1.
      min(Self.softmax($0, temperature: temperature).max() ?? 0, 1)
    }
    return try Reliability(
      confidences: confidences, correct: zip(predicted, gold).map { $0 == $1 },
      binCount: binCount)
  }
}
