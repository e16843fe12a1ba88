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

  @Test("a training begins with the shortest pairs of each language and ends with all")
  func competence() {
    let sampling = PairSampling(competence: 0.2)
    // The later a pair stands the longer it is.
    let lengths = (0..<90).map { $0 } + (0..<10).map { $0 }
    #expect(sampling.competence(at: 0) == 0.2 && sampling.competence(at: 1) == 1)
    #expect(abs(sampling.competence(at: 0.5) - (0.5 * 0.96 + 0.04).squareRoot()) < 1e-12)
    func batches(_ span: ClosedRange<Double>) -> [[Int]] {
      sampling.withinCompetence(
        sampling.batches(Self.languages, Self.counts, size: 8, seed: 3), Self.languages,
        difficulties: lengths, during: span, seed: 3)
    }
    let all = sampling.batches(Self.languages, Self.counts, size: 8, seed: 3)
    let first = batches(0...0)
    for (batch, whole) in zip(first, all) {
      #expect(Set(batch).count == batch.count)
      // As many of each language as there were.
      #expect(batch.map { Self.languages[$0] } == whole.map { Self.languages[$0] })
      let second = batch.count { Self.languages[$0] == 1 }
      for pair in batch {
        #expect(lengths[pair] < (Self.languages[pair] == 0 ? 18 : max(2, second)))
      }
    }
    #expect(batches(1...1) == all)
    #expect(batches(0...1) == batches(0...1))
    // What is known already stays as it was drawn.
    let middle = batches(0.5...0.5)
    let known = Int((sampling.competence(at: 0.5) * 90).rounded(.up))
    for (batch, whole) in zip(middle, all) {
      for (pair, drawn) in zip(batch, whole)
      where Self.languages[drawn] == 0 && lengths[drawn] < known {
        #expect(pair == drawn)
      }
    }
    #expect(
      PairSampling().withinCompetence(
        all, Self.languages, difficulties: lengths, during: 0...1, seed: 3) == all)
    for wrong in [0, -1, 1.5] {
      #expect(throws: TrainingError.self) { try PairSampling(competence: wrong).validate() }
    }
  }
}
