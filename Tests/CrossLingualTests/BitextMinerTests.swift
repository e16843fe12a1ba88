// SPDX-License-Identifier: Apache-2.0

import Testing
import VectorWorld
import WordVectors

@testable import CrossLingual

@Suite struct BitextMinerTests {
  /// Rows of one side are those of the other with noise, in another order, beside rows of their own.
  private func sides(
    count: Int = 90, shared: Int = 60
  ) throws -> (source: VectorMatrix, target: VectorMatrix, gold: Set<MiningScore.Place>) {
    let first = try TwinSpaces.make(count: count, dimension: 16, seed: 3).source.vectors
    let other = try TwinSpaces.make(count: count, dimension: 16, seed: 4).source.vectors
    var generator = SplitMix(seed: 5)
    let order = Array(0..<count).shuffled(using: &generator)
    let target = VectorMatrix(
      order.map { row in
        row < shared
          ? first[row].map { $0 + Float(generator.next() >> 40) / 0x1p24 * 0.2 } : Array(other[row])
      })
    let gold = order.enumerated().filter { $0.element < shared }
      .map { MiningScore.Place($0.element, $0.offset) }
    return (first, target, Set(gold))
  }

  private func dense(_ matrix: VectorMatrix) -> Matrix {
    Matrix(
      rows: matrix.rows, columns: matrix.columns, matrix.elements.map { Double($0) })
  }

  @Test(
    "blocks give what all cosines at once give, with any number of threads",
    arguments: SimilarityMatrix.Margin.allCases)
  func blocks(_ margin: SimilarityMatrix.Margin) throws {
    let (source, target, _) = try sides()
    let whole = MarginMining(
      cosines: try SimilarityMatrix(cosines: dense(source), dense(target)), margin: margin)
    var miner = BitextMiner()
    miner.margin = margin
    miner.blockSize = 7
    for threads in [1, 2] {
      var compared = 0
      let found = try miner.candidates(
        .init(source), .init(target), engine: PlainMatrixEngine(threads: threads), threads: threads
      ) { compared += $0 }
      #expect(compared == source.rows * target.rows)
      for choice in MarginMining.Choice.allCases {
        let (pairs, expected) = (found.pairs(choice), whole.pairs(choice))
        #expect(!expected.isEmpty)
        #expect(pairs.map(\.source) == expected.map(\.source), "\(choice)")
        #expect(pairs.map(\.target) == expected.map(\.target), "\(choice)")
        #expect(zip(pairs, expected).allSatisfy { abs($0.score - $1.score) < 1e-4 })
      }
    }
  }

  @Test("planted pairs are found, and a threshold chosen on them keeps them apart from the rest")
  func planted() throws {
    let (source, target, gold) = try sides()
    let found = try BitextMiner().candidates(.init(source), .init(target))
    let all = found.pairs()
    let before = MiningScore(all, gold: gold)
    let threshold = try MiningThreshold(tunedOn: all, gold: gold)
    let after = MiningScore(found.pairs(atLeast: threshold.value), gold: gold)
    #expect(after == threshold.score)
    #expect(after.f1 > 0.95, "\(after)")
    #expect(before.precision < 0.9, "\(before)")
  }

  @Test("some rows may take part alone, and what they share is taken out")
  func rowsAndCenter() throws {
    let (source, target, gold) = try sides()
    let shifted = VectorMatrix((0..<target.rows).map { row in target[row].map { $0 + 40 } })
    var miner = BitextMiner()
    miner.isCentered = true
    let rows = Array(stride(from: 0, to: source.rows, by: 2))
    let found = try miner.candidates(.init(source, rows: rows), .init(shifted)).pairs(.forward)
    #expect(found.map(\.source) == Array(0..<rows.count))
    let wanted = gold.filter { rows.contains($0.source) }
    let right = found.filter { gold.contains(.init(rows[$0.source], $0.target)) }
    #expect(right.count > wanted.count * 9 / 10)
    miner.isCentered = false
    let plain = try miner.candidates(.init(source, rows: rows), .init(shifted)).pairs(.forward)
    #expect(
      plain.filter { gold.contains(.init(rows[$0.source], $0.target)) }.count < right.count * 3 / 4)
  }

  @Test("a row of zeros has no partner, and sides of different width are refused")
  func refusals() throws {
    let source = VectorMatrix([[1, 0], [0, 0], [0, 1]])
    let target = VectorMatrix([[0, 0], [0, 2], [-1, 0.1]])
    let found = try BitextMiner().candidates(.init(source), .init(target))
    #expect(found.pairs(.forward).map(\.source) == [0, 2])
    #expect(found.pairs().allSatisfy { $0.source != 1 && $0.target != 0 })
    #expect(throws: WordVectorError.self) {
      try BitextMiner().candidates(.init(source), .init(VectorMatrix([[1, 0, 0]])))
    }
  }

  @Test("a threshold lies between margins and keeps equal ones together")
  func threshold() throws {
    let pairs = [1.5, 1.3, 1.3, 1.1].enumerated().map {
      MarginMining.Pair(source: $0.offset, target: $0.offset, score: $0.element)
    }
    let gold: Set = [MiningScore.Place(0, 0), .init(1, 1)]
    // With the first alone F1 is 2/3; with both of the second margin 4/5.
    let both = try MiningThreshold(tunedOn: pairs, gold: gold)
    #expect(both.score == MiningScore(found: 3, gold: 2, correct: 2))
    #expect(abs(both.value - 1.2) < 1e-12)
    let first = try MiningThreshold(tunedOn: pairs, gold: [.init(0, 0)])
    #expect(abs(first.value - 1.4) < 1e-12 && first.score.f1 == 1)
    #expect(throws: WordVectorError.self) {
      try MiningThreshold(tunedOn: pairs, gold: [.init(0, 1)])
    }
  }
}
