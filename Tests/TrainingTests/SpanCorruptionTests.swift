// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Training

@Suite struct SpanCorruptionTests {
  private static let sentinels = (0..<100).map { Int32(1099 - $0) }
  private static let end: Int32 = 1

  private static func corrupted(
    _ length: Int, _ corruption: SpanCorruption = SpanCorruption(), seed: UInt64 = 1,
    sentinels: [Int32] = sentinels
  ) -> SpanCorruption.Corrupted {
    var generator = Shuffler(seed: seed)
    return corruption.corrupted(
      (0..<Int32(length)).map { $0 + 10 }, sentinels: sentinels, end: end, using: &generator)
  }

  /// Puts what was taken out back: the row, and the lengths of stretches.
  private static func restored(
    _ corrupted: SpanCorruption.Corrupted
  ) -> (row: [Int32], stretches: [Int]) {
    var stretches: [Int32: [Int32]] = [:]
    var last: Int32 = 0
    for token in corrupted.labels.dropLast() {
      if token > 999 { last = token } else { stretches[last, default: []].append(token) }
    }
    var (row, lengths): ([Int32], [Int]) = ([], [])
    for token in corrupted.source.dropLast() {
      row += token > 999 ? stretches[token] ?? [] : [token]
      if token > 999 { lengths.append(stretches[token]?.count ?? 0) }
    }
    return (row, lengths)
  }

  @Test("what is taken out and what is left are the row", arguments: 2..<80)
  func complete(length: Int) {
    for seed in 0..<10 as Range<UInt64> {
      let result = Self.corrupted(length, seed: seed)
      let (row, stretches) = Self.restored(result)
      #expect(row == (0..<Int32(length)).map { $0 + 10 })
      #expect(stretches.allSatisfy { $0 > 0 })
      let noise = max(1, Int((Double(length) * 0.15).rounded()))
      #expect(stretches.reduce(0, +) == noise)
      #expect(stretches.count == max(1, Int((Double(noise) / 3).rounded())))
      // Sentinels stand in their order on both sides, one more on the decoder's, and both end.
      let count = stretches.count
      #expect(result.source.filter { $0 > 999 } == Array(Self.sentinels.prefix(count)))
      #expect(result.labels.filter { $0 > 999 } == Array(Self.sentinels.prefix(count + 1)))
      #expect(result.source.last == 1 && result.labels.suffix(2) == [Self.sentinels[count], 1])
      // Two stretches never touch.
      #expect(zip(result.source, result.source.dropFirst()).allSatisfy { $0 < 1000 || $1 < 1000 })
    }
  }

  @Test("stretches stand anywhere, in all lengths that their sum allows")
  func spread() {
    var (firsts, lengths) = (Set<Int>(), [Int: Int]())
    for seed in 0..<4000 as Range<UInt64> {
      let result = Self.corrupted(40, seed: seed)
      let (_, stretches) = Self.restored(result)
      firsts.insert(result.source.firstIndex { $0 > 999 } ?? -1)
      for length in stretches { lengths[length, default: 0] += 1 }
    }
    // Six tokens in two stretches, each split alike in probability, so that any length has a fifth.
    #expect(Set(lengths.keys) == [1, 2, 3, 4, 5])
    for length in 1...5 { #expect(abs(Double(lengths[length] ?? 0) / 8000 - 0.2) < 0.02) }
    #expect(firsts.count > 25 && firsts.contains(0))
  }

  @Test("there are never more stretches than sentinels but one, nor than places for them")
  func limits() {
    let few = Self.corrupted(200, sentinels: [1099, 1098, 1097])
    #expect(Self.restored(few).stretches.count == 2)
    var corruption = SpanCorruption()
    (corruption.rate, corruption.meanSpanLength) = (0.9, 1)
    let (row, stretches) = Self.restored(Self.corrupted(20, corruption))
    #expect(row.count == 20 && stretches.count == 3 && stretches.reduce(0, +) == 18)
    #expect(Self.corrupted(30, seed: 4) == Self.corrupted(30, seed: 4))
    #expect(Self.corrupted(30, seed: 4) != Self.corrupted(30, seed: 5))
  }

  @Test("settings that cannot be are refused in a sentence")
  func refusals() {
    var corruption = SpanCorruption()
    corruption.rate = 1
    #expect { try corruption.validate() } throws: { "\($0)".contains("below 1, found 1.0") }
    corruption = SpanCorruption()
    corruption.meanSpanLength = 0.5
    #expect { try corruption.validate() } throws: { "\($0)".contains("at least 1, found 0.5") }
  }
}
