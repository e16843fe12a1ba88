// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import VectorWorld

@testable import WordVectors

@Suite struct RetrievalTests {
  /// All scores, straight from the definitions.
  private func scores(_ x: VectorMatrix, _ z: VectorMatrix, _ method: Retrieval) -> [[Double]] {
    func unit(_ rows: VectorMatrix) -> [[Double]] {
      (0..<rows.rows).map { row in
        let length = rows[row].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return rows[row].map { Double($0) / length }
      }
    }
    let (left, right) = (unit(x), unit(z))
    let cosines = left.map { a in
      right.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    func mean(_ values: [Double], _ count: Int) -> Double {
      let best = values.sorted(by: >).prefix(count)
      return best.reduce(0, +) / Double(best.count)
    }
    return cosines.indices.map { row in
      right.indices.map { column in
        let cosine = cosines[row][column]
        switch method {
        case .nearest: return cosine
        case .csls(let count):
          return 2 * cosine - mean(cosines[row], count) - mean(cosines.map { $0[column] }, count)
        case .invertedSoftmax(let beta):
          let sum = cosines.reduce(0) { $0 + exp(Double(beta) * $1[column]) }
          return Double(beta) * cosine - log(sum)
        case .margin(let count):
          return 2 * cosine / (mean(cosines[row], count) + mean(cosines.map { $0[column] }, count))
        }
      }
    }
  }

  @Test(
    "scores, order and ranks are those of the definitions",
    arguments: [
      Retrieval.nearest, .csls(neighbors: 3), .csls(neighbors: 500),
      .invertedSoftmax(inverseTemperature: 8), .margin(), .margin(neighbors: 11),
    ])
  func definitions(_ method: Retrieval) throws {
    let (source, target) = try TwinSpaces.make(count: 150, noise: 0.5)
    let expected = scores(source.vectors, target.vectors, method)
    var search = try TranslationSearch(
      from: source.vectors, to: target.vectors, by: method,
      engine: PlainMatrixEngine(threads: 2), threads: 2)
    search.blocks.blockSize = 37
    let found = try search.neighbors(limit: 5)
    for (row, list) in found.enumerated() {
      let order = expected[row].indices.sorted { expected[row][$0] > expected[row][$1] }
      for (neighbor, index) in zip(list, order) {
        #expect(abs(Double(neighbor.score) - expected[row][index]) < 1e-5)
      }
    }
    let ranks = try search.ranks(of: (0..<150).map { ($0, $0) })
    for row in 0..<150 {
      let better = expected[row].filter { $0 > expected[row][row] + 1e-6 }.count
      let near = expected[row].filter { abs($0 - expected[row][row]) <= 1e-6 }.count
      #expect((better + 1...better + near).contains(ranks[row]))
    }
  }

  @Test("vectors that are all the same give no perfect score")
  func ties() throws {
    let same = VectorMatrix([[Float]](repeating: [1, 0], count: 10))
    let ranks = try TranslationSearch(from: same, to: same, by: .nearest)
      .ranks(of: (0..<10).map { ($0, $0) })
    #expect(ranks == Array(1...10))
  }

  @Test("both protocols count their own questions")
  func protocols() throws {
    let vectors = VectorMatrix([[1, 0], [0, 1], [1, 1]])
    let source = try VectorTable(words: WordList(["a", "b", "c"]), vectors: vectors)
    let target = try VectorTable(words: WordList(["x", "y", "z"]), vectors: vectors)
    let pairs = try WordPairs(
      lines: ["A\tx", "A\tz", "B\tx", "Q\tx", "C\tq"], name: "d", lowercased: true)
    let muse = try LexiconInduction(pairs).evaluate(source, target, by: .nearest)
    #expect(muse.ranks == [[1, 2], [3]])
    #expect(muse.precision(at: 1) == 0.5 && muse.coverage == 0.5 && muse.pairCoverage == 0.6)
    let average: Double = (1.0 + 1.0 / 3.0) / 2.0
    #expect(abs(muse.meanAveragePrecision - average) < 1e-12)
    let xling = try LexiconInduction(pairs, rules: .xling).evaluate(source, target, by: .nearest)
    #expect(xling.ranks == [[1], [2], [3]])
    let reciprocal: Double = (1.0 + 0.5 + 1.0 / 3.0) / 3.0
    #expect(abs(xling.meanReciprocalRank - reciprocal) < 1e-12)
    #expect(throws: WordVectorError.self) {
      try LexiconInduction(WordPairs([.init("n", "x")])).evaluate(source, target, by: .nearest)
    }
  }

  @Test("lines of dictionaries are two words, and what is none is said with its line")
  func dictionaries() throws {
    let pairs = try WordPairs(
      lines: ["\u{feff}sun  Sonne", "", "New York\tNew York\t0.5"], name: "d")
    #expect(pairs.pairs.map(\.source) == ["sun", "New York"])
    for (line, withScores) in [("sun", false), ("sun\tSonne", true), ("sun\tSonne\tx", true)] {
      do {
        _ = try WordPairs(lines: ["a b 1", line], name: "d", withScores: withScores)
        Issue.record("\(line) was read")
      } catch { #expect("\(error)".hasPrefix("d:2: ")) }
    }
  }

  @Test("the singular value decomposition is one, for every rank")
  func singularValues() {
    var generator = SplitMix(seed: 9)
    for (size, rank) in [(1, 1), (5, 5), (9, 4), (17, 17), (6, 0)] {
      var matrix = Matrix(rows: size, columns: size)
      for _ in 0..<rank {
        let a = (0..<size).map { _ in Double(generator.next() >> 40) / 0x1p23 - 1 }
        let b = (0..<size).map { _ in Double(generator.next() >> 40) / 0x1p23 - 1 }
        for row in 0..<size { for column in 0..<size { matrix[row, column] += a[row] * b[column] } }
      }
      let parts = matrix.squareSingularValues()
      let back = parts.u.scalingColumns(parts.s).times(parts.v.transposed)
      #expect(back.adding(matrix, times: -1).norm < 1e-12)
      for side in [parts.u, parts.v] {
        #expect(side.transposed.times(side).adding(.identity(size), times: -1).norm < 1e-12)
      }
      #expect(zip(parts.s, parts.s.dropFirst()).allSatisfy { $0 >= $1 })
    }
  }

  @Test("spaces that differ by a rotation are of one shape, and even neighbours make no hubs")
  func diagnostics() throws {
    let (source, target) = try TwinSpaces.make(noise: 0)
    let pairs = (0..<source.count).map { (source: $0, target: $0) }
    let isometry = try SpaceDiagnostics.isometry(source.vectors, target.vectors, pairs: pairs)
    #expect(isometry.singularValueGap < 1e-6 && isometry.relationalSimilarity > 0.9999)
    #expect(
      try SpaceDiagnostics.neighborhoodOverlap(source.vectors, target.vectors, pairs: pairs) > 0.999
    )
    let even = SpaceDiagnostics.hubness(
      of: [[Neighbor(index: 0, score: 1)], [Neighbor(index: 1, score: 1)]], targets: 2)
    #expect(even.skewness == 0 && even.largest == 1 && even.neverFound == 0)
    let hub = SpaceDiagnostics.hubness(
      of: [[Neighbor]](repeating: [Neighbor(index: 0, score: 1)], count: 9), targets: 3)
    #expect(hub.skewness > 0.7 && hub.largest == 9 && abs(hub.neverFound - 2.0 / 3) < 1e-12)
  }
}
