// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WordVectors

@testable import CrossLingual

@Suite struct SentenceAlignmentTests {
  /// Documents whose sentences are known to belong together: some are joined with the next on one side, some are missing on one side.
  private struct Planted {
    /// Each sentence as the numbers of what it says.
    var source: [[Int]] = []
    var target: [[Int]] = []
    var gold: [GoldAlignment] = []

    init(count: Int, seed: UInt64, withGaps: Bool = true) {
      var generator = SplitMix(seed: seed)
      var meaning = 0
      while meaning < count {
        let (x, y) = (source.count, target.count)
        switch generator.next() % 20 {
        case 0, 1:
          source.append([meaning, meaning + 1])
          target += [[meaning], [meaning + 1]]
          gold.append(.init([x], [y, y + 1]))
          meaning += 1
        case 2, 3:
          source += [[meaning], [meaning + 1]]
          target.append([meaning, meaning + 1])
          gold.append(.init([x, x + 1], [y]))
          meaning += 1
        case 4 where withGaps:
          source.append([meaning])
          gold.append(.init([x], []))
        case 5 where withGaps:
          target.append([meaning])
          gold.append(.init([], [y]))
        default:
          source.append([meaning])
          target.append([meaning])
          gold.append(.init([x], [y]))
        }
        meaning += 1
      }
    }

    /// Each meaning's vector is its own, and that of several is their sum.
    static func vectors(_ sentences: [[Int]], side: UInt64, overlap: Int) -> OverlapVectors {
      let width = 24
      func vector(_ meaning: Int, _ seed: UInt64, _ scale: Float) -> [Float] {
        var generator = SplitMix(seed: UInt64(meaning) * 31 + seed)
        return (0..<width).map { _ in (Float(generator.next() >> 40) / 0x1p23 - 1) * scale }
      }
      let rows = VectorMatrix(
        (1...overlap).flatMap { size in
          sentences.indices.map { last -> [Float] in
            guard last + 1 >= size else { return .init(repeating: 0, count: width) }
            var sum = [Float](repeating: 0, count: width)
            for meaning in sentences[(last + 1 - size)...last].joined() {
              let (own, noise) = (vector(meaning, 0, 1), vector(meaning, side, 0.3))
              for column in 0..<width { sum[column] += own[column] + noise[column] }
            }
            return sum
          }
        })
      return OverlapVectors(count: sentences.count, overlap: overlap, width: width) { size, last in
        rows[(size - 1) * sentences.count + last]
      }
    }
  }

  private func f1(_ found: [SentenceAlignment], _ gold: [GoldAlignment]) -> Double {
    var score = SentenceAlignmentScore()
    score.add(found, gold: gold)
    return score.strict.f1
  }

  @Test(
    "planted joins and gaps are found, also where documents are halved on the way",
    arguments: [120, 12])
  func vectors(_ fullSize: Int) throws {
    let planted = Planted(count: 100, seed: 7)
    var aligner = VectorAligner()
    aligner.fullSize = fullSize
    aligner.costSamples = 2000
    let source = Planted.vectors(planted.source, side: 1, overlap: aligner.overlap)
    let target = Planted.vectors(planted.target, side: 2, overlap: aligner.overlap)
    let found = try aligner.align(source, target)
    #expect(found.flatMap(\.source) == Array(planted.source.indices))
    #expect(found.flatMap(\.target) == Array(planted.target.indices))
    #expect(f1(found, planted.gold) > 0.9)
    #expect(try aligner.align(source, target) == found)
    #expect(found.allSatisfy { $0.cost >= 0 && (!$0.isDeletion || $0.cost == 0) })
  }

  @Test("lengths tell a sentence that was joined by mistake from one that belongs there")
  func lengthsBesideVectors() throws {
    // The second target sentence says the same as the first, and has no counterpart.
    let source = Planted.vectors([[0], [1], [2], [3]], side: 1, overlap: 3)
    let target = Planted.vectors([[0], [0], [1], [2], [3]], side: 2, overlap: 3)
    var aligner = VectorAligner()
    aligner.lengthRatio = 1
    let gold = [GoldAlignment([0], [0]), .init([1], [2]), .init([2], [3]), .init([3], [4])]
    func recall(_ lengths: [Int]) throws -> Double {
      var score = SentenceAlignmentScore()
      score.add(
        try aligner.align(source, target, lengths: ([90, 60, 120, 30], lengths)), gold: gold)
      return score.strict.recall
    }
    aligner.lengthWeight = 1
    #expect(try recall([90, 100, 60, 120, 30]) == 1)
    // Where the two together are as long as the one, they are joined.
    #expect(try recall([40, 50, 60, 120, 30]) == 0.75)
    aligner.lengthWeight = 0
    #expect(try recall([90, 100, 60, 120, 30]) == recall([40, 50, 60, 120, 30]))
    aligner.lengthWeight = -1
    #expect(throws: WordVectorError.self) { try recall([90, 100, 60, 120, 30]) }
  }

  @Test("where all is searched, the way is the cheapest of all", arguments: [1, 2, 3])
  func cheapest(_ seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let costs = (0..<36).map { _ in Double(generator.next() >> 40) }
    let steps = AlignmentStep.joining(upTo: 3) + AlignmentStep.deletions
    func cost(_ step: AlignmentStep, _ source: Int, _ target: Int) -> Double {
      costs[source * 6 + target] * Double(1 + step.source + 2 * step.target)
    }
    func least(_ source: Int, _ target: Int) -> Double {
      guard source + target > 0 else { return 0 }
      return steps.filter { $0.source <= source && $0.target <= target }.map {
        least(source - $0.source, target - $0.target) + cost($0, source, target)
      }.min() ?? .infinity
    }
    let parts = AlignmentBand(full: 5, 5).cheapestParts(steps, cost: cost)
    #expect(abs(parts.reduce(0) { $0 + $1.cost } - least(5, 5)) < 1e-6)
    #expect(parts.flatMap(\.source) == Array(0..<5) && parts.flatMap(\.target) == Array(0..<5))
  }

  @Test(
    "a band leads from the start to the ends, whatever the path",
    arguments: [(0, 5), (5, 0), (1, 40), (40, 1), (30, 30)])
  func bands(_ rows: Int, _ columns: Int) {
    for path in [[(0, 0), (rows, columns)], [(0, 0), (rows, 0), (rows, columns)]] {
      let band = AlignmentBand(around: path, width: 3, rows, columns)
      let parts = band.cheapestParts([AlignmentStep(1, 1)] + AlignmentStep.deletions) { _, _, _ in 1
      }
      #expect(parts.flatMap(\.source) == Array(0..<rows))
      #expect(parts.flatMap(\.target) == Array(0..<columns))
    }
  }

  @Test("lengths alone find joins where sentences differ in length")
  func lengths() throws {
    let planted = Planted(count: 150, seed: 11, withGaps: false)
    func length(_ sentence: [Int], _ factor: Double) -> Int {
      sentence.reduce(0) { sum, meaning in
        var generator = SplitMix(seed: UInt64(meaning))
        return sum + Int(factor * Double(20 + generator.next() % 160))
      }
    }
    let source = planted.source.map { length($0, 1) }
    let target = planted.target.map { length($0, 2) }
    let found = try LengthAligner().align(source, target)
    #expect(found.flatMap(\.source) == Array(source.indices))
    #expect(f1(found, planted.gold) > 0.8)
    var narrow = LengthAligner()
    narrow.fullSize = 10
    narrow.searchWidth = 20
    #expect(try narrow.align(source, target) == found)
    var plain = LengthAligner()
    plain.ratio = Double(target.reduce(0, +)) / Double(source.reduce(0, +))
    #expect(try plain.align(source, target) == found)
    plain.ratio = 0
    #expect(throws: WordVectorError.self) { try plain.align(source, target) }
  }

  @Test("a step's cost by length is that of the paper")
  func lengthCost() throws {
    // Lengths 100 and 120, ratio 1: delta = 20 / sqrt(110 * 6.8), the tail of the normal distribution twice.
    var aligner = LengthAligner()
    aligner.ratio = 1
    let found = try aligner.align([100], [120])
    let delta = 20 / (110 * 6.8).squareRoot()
    let expected = -log(0.89) - log(2 * (1 - 0.5 * (1 + erf(delta / 2.0.squareRoot()))))
    #expect(found.count == 1 && abs(found[0].cost - expected) < 1e-9)
    #expect(try aligner.align([], [5, 6]).map(\.target) == [0..<1, 1..<2])
    #expect(try aligner.align([], []).isEmpty)
    // Two lengths far apart are still finite, and rise.
    let far = try aligner.align([10], [4000]).map(\.cost)
    #expect(far.allSatisfy { $0.isFinite })
  }

  @Test("empty documents and single sentences are aligned")
  func small() throws {
    let aligner = VectorAligner()
    func vectors(_ count: Int) -> OverlapVectors {
      Planted.vectors((0..<count).map { [$0] }, side: 1, overlap: 3)
    }
    #expect(try aligner.align(vectors(0), vectors(0)).isEmpty)
    #expect(try aligner.align(vectors(2), vectors(0)).map(\.source) == [0..<1, 1..<2])
    #expect(try aligner.align(vectors(1), vectors(1)).map(\.target) == [0..<1])
    var wide = VectorAligner()
    wide.maximumSize = 6
    #expect(throws: WordVectorError.self) { try wide.align(vectors(2), vectors(2)) }
  }

  @Test("scores are those of vecalign's score.py")
  func scores() {
    // Counted by hand after score.py: one exact, one that overlaps, one wrong, one rightly left out.
    let gold = [
      GoldAlignment([0], [0]), .init([1, 2], [1]), .init([3], [2]), .init([4], []), .init([5], [3]),
    ]
    let found = [
      GoldAlignment([0], [0]), .init([1], [1]), .init([2], []), .init([3], [3]), .init([4], []),
      .init([5], [2]),
    ]
    var score = SentenceAlignmentScore()
    score.add(found, gold: gold)
    #expect(score.strict == .init(correctFound: 2, found: 6, correctGold: 1, gold: 4))
    #expect(score.lax == .init(correctFound: 3, found: 6, correctGold: 2, gold: 4))
    #expect(abs(score.strict.f1 - 2 * (2.0 / 6) * 0.25 / (2.0 / 6 + 0.25)) < 1e-12)
  }

  @Test("lines are vecalign's, and what is none is not read")
  func lines() {
    let alignment = SentenceAlignment(3..<5, 5..<6, cost: 0.1234567)
    #expect(alignment.line == "[3, 4]:[5]:0.123457")
    #expect(SentenceAlignment(3..<4, 5..<5, cost: 0).line == "[3]:[]:0.000000")
    #expect(GoldAlignment(line: alignment.line) == GoldAlignment([3, 4], [5]))
    #expect(GoldAlignment(line: "[0]:[]") == GoldAlignment([0], []))
    for line in ["", "[0]", "[0]:[x]", "0:1", "[0]:[1]:2:3", "[-1]:[0]", "[1,,2]:[0]"] {
      #expect(GoldAlignment(line: line) == nil, "\(line)")
    }
  }
}
