// SPDX-License-Identifier: Apache-2.0

import Testing
import WordVectors

extension Golden.Metrics {
  @Test("similarities of representations equal NumPy's")
  func representation() throws {
    let cases: [RepresentationCase] = try read("representation.json")
    #expect(!cases.isEmpty)
    for (index, golden) in cases.enumerated() {
      let at: Comment = "case \(index)"
      let (x, y) = (Matrix(rows: golden.X), Matrix(rows: golden.Y))
      #expect(golden.linear_cka != nil || golden.procrustes_W != nil, at)
      if let expected = golden.linear_cka {
        #expect(isClose(try RepresentationSimilarity.linearCKA(x, y), expected, 1e-7), at)
      }
      if let expected = golden.linear_cka_debiased {
        #expect(isClose(try RepresentationSimilarity.debiasedLinearCKA(x, y), expected, 1e-7), at)
      }
      if let expected = golden.cca_correlations {
        let found = try RepresentationSimilarity.canonicalCorrelations(x, y)
        #expect(areClose(found, expected), at)
        #expect(areClose(found, golden.cca_correlations_sklearn ?? expected), at)
        let count = Double(found.count)
        #expect(isClose(found.reduce(0, +) / count, golden.mean_cca, 1e-7), at)
        #expect(isClose(found.reduce(0) { $0 + $1 * $1 } / count, golden.mean_cca2, 1e-7), at)
      }
      if let expected = golden.procrustes_W {
        let found = try RepresentationSimilarity.procrustes(x, y)
        #expect(areClose(found.matrix.elements, Array(expected.joined())), at)
        #expect(isClose(found.scale, golden.procrustes_scale, 1e-7), at)
        #expect(isClose(found.residual, golden.procrustes_residual, 1e-7), at)
        let identity = found.matrix.transposed.times(found.matrix)
        #expect(areClose(identity.elements, Matrix.identity(x.columns).elements), at)
      }
      if let expected = golden.procrustes_W_centered {
        let found = try RepresentationSimilarity.procrustes(
          x.centeringColumns, y.centeringColumns)
        #expect(areClose(found.matrix.elements, Array(expected.joined())), at)
      }
      if let planted = golden.planted_rotation {
        // The rotation that the case was made with, found again but for its noise.
        let found = try RepresentationSimilarity.procrustes(x, y).matrix.elements
        #expect(zip(found, planted.joined()).allSatisfy { abs($0 - $1) < 0.05 }, at)
      }
    }
  }

  @Test("CSLS retrieval equals the reference's")
  func csls() throws {
    let fixture: RetrievalFixture = try read("retrieval.json")
    #expect(!fixture.csls.isEmpty)
    for (index, golden) in fixture.csls.enumerated() {
      let at: Comment = "case \(index)"
      let cosines = try SimilarityMatrix(
        cosines: Matrix(rows: golden.X), Matrix(rows: golden.Y))
      let csls = cosines.csls(neighbors: golden.csls_k)
      #expect(areClose(csls.scores.elements, Array(golden.csls.joined())), at)
      #expect(areClose(cosines.rowMeans(of: golden.csls_k), golden.r_src), at)
      #expect(areClose(cosines.transposed.rowMeans(of: golden.csls_k), golden.r_tgt), at)
      #expect(golden.X.indices.map { csls.best($0, limit: 5) } == golden.csls_top5, at)
      func ranks(_ scores: SimilarityMatrix) -> RetrievalRanks {
        RetrievalRanks(
          golden.dictionary.map { scores.rank(ofBestOf: $0.targets, for: $0.source) })
      }
      let (plain, local) = (ranks(cosines), ranks(csls))
      #expect(isClose(plain.precision(at: 1), golden.cosine_p1, 1e-9), at)
      #expect(isClose(plain.precision(at: 5), golden.cosine_p5, 1e-9), at)
      #expect(isClose(plain.meanReciprocalRank, golden.cosine_mrr, 1e-9), at)
      #expect(isClose(local.precision(at: 1), golden.csls_p1, 1e-9), at)
      #expect(isClose(local.precision(at: 5), golden.csls_p5, 1e-9), at)
      #expect(isClose(local.meanReciprocalRank, golden.csls_mrr, 1e-9), at)
    }
  }

  @Test("margins and mined pairs equal LASER's")
  func margins() throws {
    let fixture: RetrievalFixture = try read("retrieval.json")
    #expect(!fixture.margin.isEmpty)
    for (index, golden) in fixture.margin.enumerated() {
      let at: Comment = "case \(index)"
      let cosines = try SimilarityMatrix(
        cosines: Matrix(rows: golden.X), Matrix(rows: golden.Y))
      #expect(areClose(cosines.rowMeans(of: golden.k), golden.x_mean), at)
      #expect(areClose(cosines.transposed.rowMeans(of: golden.k), golden.y_mean), at)
      let margins: [(SimilarityMatrix.Margin, RetrievalFixture.Mined)] = [
        (.ratio, golden.ratio), (.distance, golden.distance),
      ]
      for (margin, expected) in margins {
        let mining = MarginMining(cosines: cosines, margin: margin, neighbors: golden.k)
        let all = Array(expected.all_pairs.joined())
        // A mean near zero makes quotients large, and their last digits with them.
        #expect(
          zip(mining.margins.scores.elements, all)
            .allSatisfy { abs($0 - $1) <= 1e-7 * max(1, abs($1)) }, at)
        #expect(mining.forward.map(\.target) == expected.forward_best, at)
        #expect(mining.backward.map(\.source) == expected.backward_best, at)
        #expect(areClose(mining.forward.map(\.score), expected.forward_scores), at)
        #expect(areClose(mining.backward.map(\.score), expected.backward_scores), at)
        #expect(isSame(mining.pairs(.max), expected.mined_max), at)
        #expect(isSame(mining.pairs(.intersection), expected.mined_intersect), at)
      }
    }
  }

  private func isSame(_ found: [MarginMining.Pair], _ expected: [[Double]]) -> Bool {
    found.map { [Double($0.source), Double($0.target)] } == expected.map { Array($0.prefix(2)) }
      && areClose(found.map(\.score), expected.map { $0[2] })
  }

  private func areClose(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1, 1e-7) }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct RepresentationCase: Decodable {
  var X, Y: [[Double]]
  var linear_cka, linear_cka_debiased, mean_cca, mean_cca2: Double?
  var cca_correlations, cca_correlations_sklearn: [Double]?
  var procrustes_W, procrustes_W_centered, planted_rotation: [[Double]]?
  var procrustes_scale, procrustes_residual: Double?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct RetrievalFixture: Decodable {
  struct Entry: Decodable {
    var source: Int
    var targets: [Int]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      source = try list.decode(Int.self)
      targets = try list.decode([Int].self)
    }
  }

  struct Local: Decodable {
    var X, Y, csls: [[Double]]
    var csls_k: Int
    var dictionary: [Entry]
    var r_src, r_tgt: [Double]
    var csls_top5: [[Int]]
    var cosine_p1, cosine_p5, csls_p1, csls_p5, cosine_mrr, csls_mrr: Double
  }

  struct Mined: Decodable {
    var all_pairs, mined_max, mined_intersect: [[Double]]
    var forward_best, backward_best: [Int]
    var forward_scores, backward_scores: [Double]
  }

  struct Margins: Decodable {
    var X, Y: [[Double]]
    var k: Int
    var x_mean, y_mean: [Double]
    var ratio, distance: Mined
  }

  var csls: [Local]
  var margin: [Margins]
}
