// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How often words come, by their hashes in 16,384 bins.
struct WordDistribution: Sendable {
  private static let size = 1 << 14

  private(set) var counts = [UInt32](repeating: 0, count: size)
  private(set) var total = 0

  /// Adds a word.
  mutating func insert(_ hash: UInt64) {
    counts[Int(truncatingIfNeeded: hash) & (Self.size - 1)] += 1
    total += 1
  }

  /// The words of several.
  static func sum(_ parts: [WordDistribution]) -> WordDistribution {
    var result = WordDistribution()
    for part in parts {
      for bin in 0..<size { result.counts[bin] += part.counts[bin] }
      result.total += part.total
    }
    return result
  }

  /// The Jensen–Shannon divergence in bits (Lin 1991): 0 for the same distribution, 1 for nothing in common.
  ///
  /// Words that share a bin make it a little too small, and few words make it too large: compare it with
  /// that of random halves.
  func divergence(from other: WordDistribution) -> Double {
    guard total > 0, other.total > 0 else { return 0 }
    var sum = 0.0
    for bin in counts.indices where counts[bin] > 0 || other.counts[bin] > 0 {
      let left = Double(counts[bin]) / Double(total)
      let right = Double(other.counts[bin]) / Double(other.total)
      let middle = (left + right) / 2
      if left > 0 { sum += left * log2(left / middle) / 2 }
      if right > 0 { sum += right * log2(right / middle) / 2 }
    }
    return max(0, sum)
  }
}

extension WordDistribution {
  /// What is left when some of the words are taken away.
  func removing(_ part: WordDistribution) -> WordDistribution {
    var rest = self
    for bin in counts.indices { rest.counts[bin] -= part.counts[bin] }
    rest.total -= part.total
    return rest
  }
}
