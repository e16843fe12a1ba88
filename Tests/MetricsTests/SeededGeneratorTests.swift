// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Metrics

@Suite("SeededGenerator") struct SeededGeneratorTests {
  private func draws(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
    var generator = SeededGenerator(seed: seed, stream: stream)
    return (0..<8).map { _ in generator.next() }
  }

  @Test("the same seed and stream give the same draws, others give others")
  func seeds() {
    #expect(draws(1, 0) == draws(1, 0))
    let all = [draws(0, 0), draws(0, 1), draws(1, 0), draws(1, 1)]
    #expect(Set(all).count == 4)
  }

  @Test("draws never change between versions: results files depend on them")
  func pinned() {
    var generator = SeededGenerator(seed: 42)
    let found = (0..<5).map { _ in generator.index(below: 1_000) }
    #expect(found == [578, 808, 468, 145, 498])
  }

  @Test("indices are in range and equally likely", arguments: [1, 2, 3, 7, 100])
  func indices(count: Int) {
    var generator = SeededGenerator(seed: 5)
    var seen = [Int](repeating: 0, count: count)
    let draws = 2_000 * count
    for _ in 0..<draws { seen[generator.index(below: count)] += 1 }
    // Five standard deviations of a binomial count of mean 2,000.
    #expect(seen.allSatisfy { abs($0 - 2_000) <= 225 })
  }

  @Test("unit draws fill 0..<1")
  func unit() {
    var generator = SeededGenerator(seed: 6)
    let sample = (0..<10_000).map { _ in generator.unit() }
    #expect(sample.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(sample.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }
}
