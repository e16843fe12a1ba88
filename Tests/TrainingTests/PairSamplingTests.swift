// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Training

@Suite struct PairSamplingTests {
  private static let languages = [Int](repeating: 0, count: 90) + [Int](repeating: 1, count: 10)
  private static let counts = [90, 10]

  @Test(
    "an epoch has as many batches as it says, each pair of them of a language's share",
    arguments: [1, 0.5, 0], PairSampling.Batching.allCases)
  func shares(exponent: Double, batching: PairSampling.Batching) throws {
    let sampling = PairSampling(exponent: exponent, batching: batching)
    let batches = sampling.batches(Self.languages, Self.counts, size: 8, seed: 3)
    #expect(batches.count == sampling.batchCount(Self.counts, size: 8))
    #expect(batches.allSatisfy { !$0.isEmpty && $0.count <= 8 })
    let second = batches.joined().count { Self.languages[$0] == 1 }
    #expect(second == [1: 10, 0.5: 25, 0: 50][exponent])
    if exponent == 1 { #expect(Set(batches.joined()).count == 100) }
    if batching == .language {
      #expect(batches.allSatisfy { Set($0.map { Self.languages[$0] }).count == 1 })
    }
    #expect(batches == sampling.batches(Self.languages, Self.counts, size: 8, seed: 3))
    #expect(batches != sampling.batches(Self.languages, Self.counts, size: 8, seed: 4))
  }
}
