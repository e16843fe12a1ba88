// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("MinHash")
struct MinHashTests {
  /// Made-up words, of which a text has a choice.
  private func words(_ range: Range<Int>) -> String {
    range.map { "w\(stableHash("\($0)") % 100_000)x" }.joined(separator: " ")
  }

  private func shingles(_ text: String, _ shingles: Shingles) -> Set<UInt64> {
    var set: Set<UInt64> = []
    shingles.forEach(in: Array(text.utf8), seed: 3) { set.insert($0) }
    return set
  }

  @Test(
    "estimates the Jaccard coefficient of the shingles, for long texts and short",
    arguments: [4, 12, 40, 400])
  func estimate(_ size: Int) {
    var errors: [Double] = []
    for round in 0..<60 {
      let start = round * 10_000
      let left = words(start..<start + size)
      let right = words(start + size * (round % 5) / 8..<start + size * (8 + round % 5) / 8)
      let minHash = MinHash(count: 128, seed: UInt64(round))
      let (one, other) = (
        shingles(left, minHash.shingles), shingles(right, minHash.shingles)
      )
      let exact = Double(one.intersection(other).count) / Double(one.union(other).count)
      errors.append(MinHash.likeness(minHash.sketch(left), minHash.sketch(right)) - exact)
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    let deviation = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    #expect(abs(mean) < 0.02)
    // One in 2√128 at most.
    #expect(deviation < 0.06)
  }

  @Test(
    "does not see case, punctuation and spacing, and tells signs apart where there are no letters")
  func folding() {
    let minHash = MinHash()
    #expect(minHash.sketch("Hello,  World! 12") == minHash.sketch("hello world 12"))
    #expect(minHash.sketch("Straße") != minHash.sketch("Strasse"))
    #expect(minHash.sketch("?!") != minHash.sketch("..."))
    #expect(minHash.sketch("") == [] && minHash.sketch("  ") == [])
    #expect(minHash.sketch("我们") != minHash.sketch("他们"))
  }

  @Test("runs are of the length and unit that is asked for")
  func units() {
    #expect(shingles("abcdef", Shingles(.characters, length: 3)).count == 4)
    #expect(shingles("ababab", Shingles(.characters, length: 2)).count == 2)
    #expect(shingles("ab", Shingles(.characters, length: 5)).count == 1)
    #expect(shingles("a b c a b", Shingles(.words, length: 2)).count == 3)
    #expect(shingles("a b, c", Shingles(.words, length: 1)).count == 3)
  }

  @Test("bands follow the S-curve, and are chosen to find what is at the threshold")
  func banding() {
    let banding = Banding(bands: 21, rows: 6)
    #expect(abs(banding.probability(0.8) - (1 - pow(1 - pow(0.8, 6), 21))) < 1e-12)
    #expect(Banding(threshold: 0.8, places: 128) == banding)
    for threshold in [0.3, 0.5, 0.7, 0.9, 1] {
      let chosen = Banding(threshold: threshold, places: 128)
      #expect(chosen.probability(threshold) >= 0.99)
      #expect(chosen.bands * chosen.rows <= 128)
    }
  }
}
