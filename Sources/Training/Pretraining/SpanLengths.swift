// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lengths of spans that are hidden together: geometric, and none above a longest (SpanBERT; Joshi and others, 2020).
///
/// A length l has the probability p (1 - p)^(l - 1), over the sum of all that may be. SpanBERT's p of 0.2 with spans of at most 10 gives
/// the mean that it names, 3.8.
struct SpanLengths: Sendable {
  /// The most tokens, or words, of a span.
  static let longest = 10
  /// What a mean must be below: that of lengths that are all alike in probability.
  static let largestMean = Double(longest + 1) / 2

  /// The probability of each length or a shorter one, from 1.
  private let sums: [Double]

  /// Lengths with a mean, at least 1 and below ``largestMean``.
  init(mean: Double) {
    // The mean falls as p rises.
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if Self.mean(middle) > mean { low = middle } else { high = middle }
    }
    let shares = Self.shares((low + high) / 2)
    sums = shares.indices.map { shares[...$0].reduce(0, +) }
  }

  /// A length.
  func draw(using generator: inout some RandomNumberGenerator) -> Int {
    let chance = Double.random(in: 0..<1, using: &generator)
    return (sums.firstIndex { chance < $0 } ?? sums.count - 1) + 1
  }

  /// The probability of each length, from 1.
  private static func shares(_ p: Double) -> [Double] {
    let weights = (0..<longest).map { pow(1 - p, Double($0)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  private static func mean(_ p: Double) -> Double {
    shares(p).enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
  }
}
