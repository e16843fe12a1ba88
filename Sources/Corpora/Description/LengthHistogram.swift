// SPDX-License-Identifier: Apache-2.0

/// How long texts are: exact quantiles up to 1,024, within 1 % beyond, in some 20 KB.
struct LengthHistogram: Sendable {
  private var counts: [Int: Int] = [:]
  private var count = 0
  private var sum = 0
  private var shortest = Int.max
  private var longest = 0

  /// Adds a length.
  mutating func insert(_ length: Int) {
    counts[Self.bucket(length), default: 0] += 1
    count += 1
    sum += length
    shortest = min(shortest, length)
    longest = max(longest, length)
  }

  /// The quantiles.
  var summary: CorpusDescription.Length {
    guard count > 0 else { return CorpusDescription.Length() }
    return CorpusDescription.Length(
      shortest: shortest, p5: quantile(0.05), median: quantile(0.5), p95: quantile(0.95),
      longest: longest, mean: Double(sum) / Double(count))
  }

  /// The least length that so large a share of texts does not exceed.
  func quantile(_ share: Double) -> Int {
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for bucket in counts.keys.sorted() {
      seen += counts[bucket] ?? 0
      if seen >= rank { return min(longest, Self.length(bucket)) }
    }
    return longest
  }

  /// Beyond 1,024, a bucket for each 64th of a power of two.
  private static func bucket(_ length: Int) -> Int {
    guard length >= 1024 else { return length }
    let shift = Int.bitWidth - length.leadingZeroBitCount - 7
    return 1024 + (shift - 4) * 64 + (length >> shift) - 64
  }

  /// The greatest length in a bucket.
  private static func length(_ bucket: Int) -> Int {
    guard bucket >= 1024 else { return bucket }
    let (octave, step) = ((bucket - 1024) / 64, (bucket - 1024) % 64)
    return (65 + step) << (octave + 4) - 1
  }
}
