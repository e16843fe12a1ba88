// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Testing
import WordVectors

extension Golden {
  /// Sentence vectors from mapped word vectors, and retrieval with them, beside NumPy's.
  @Suite(
    "Golden retrieval with mapped vectors",
    .enabled(if: Golden.folder != nil, "no golden set found"))
  struct MappedRetrieval {
    @Test("sentence vectors and ranks are the reference's")
    func sentences() async throws {
      try await Maps.run {
        let folder = try #require(Golden.folder).appendingPathComponent("vectors/clir")
        let decoder = JSONDecoder()
        let expected = try decoder.decode(
          ExpectedFile.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        let pairs = try Data(contentsOf: folder.appendingPathComponent("sentences.jsonl"))
          .split(separator: 0x0a).map { try decoder.decode(Sentences.self, from: $0) }
        let fixture = try Maps.Fixture(expected.pair)
        let outcome = try Maps.trainer(MapRecipe()).train(
          fixture.source, fixture.target, dictionary: fixture.dictionary("train.tsv"))
        let source = try fixture.source.replacingVectors(
          outcome.source.apply(to: fixture.source.vectors))
        let unmapped = try fixture.source.replacingVectors(
          outcome.source.normalization.apply(to: fixture.source.vectors))
        let target = try fixture.target.replacingVectors(
          outcome.target.apply(to: fixture.target.vectors))
        let codes = expected.pair.split(separator: "-").map(String.init)
        let counts = try codes.map { try Self.counts(fixture.folder, $0) }

        let (x, left) = vectors(
          SentenceWeighting(source, counts: counts[0].words, total: counts[0].total),
          pairs.map(\.source))
        let (z, right) = vectors(
          SentenceWeighting(target, counts: counts[1].words, total: counts[1].total),
          pairs.map(\.target))
        #expect(left == pairs.map(\.source_covered_tokens))
        #expect(right == pairs.map(\.target_covered_tokens))
        let (u, v) = (
          SentenceWeighting.commonComponent(of: x), SentenceWeighting.commonComponent(of: z)
        )
        expectClose(u, expected.source.component)
        expectClose(v, expected.target.component)
        let (fullX, fullZ) = (
          x.map { SentenceWeighting.removing(u, from: $0) },
          z.map { SentenceWeighting.removing(v, from: $0) }
        )
        for (index, pair) in pairs.enumerated() {
          if let wanted = pair.source_weighted { expectClose(x[index], wanted) }
          if let wanted = pair.target_weighted { expectClose(z[index], wanted) }
          expectClose(fullX[index], pair.source_vector)
          expectClose(fullZ[index], pair.target_vector)
        }
        try expectRanks(fullX, fullZ, expected.scores, "sif_with_first_component_removed")
        try expectRanks(x, z, expected.scores, "sif_weights_only")
        try expectRanks(
          vectors(SentenceWeighting(source), pairs.map(\.source)).0,
          vectors(SentenceWeighting(target), pairs.map(\.target)).0, expected.scores,
          "plain_average")
        let floor = SentenceWeighting(unmapped, counts: counts[0].words, total: counts[0].total)
        try expectRanks(
          vectors(floor, pairs.map(\.source)).0, z, expected.scores, "sif_weights_without_mapping")
      }
    }

    private func vectors(
      _ weighting: SentenceWeighting, _ sentences: [String]
    ) -> ([[Double]], [Int]) {
      let results = sentences.map {
        weighting.vector(of: $0.split(separator: " ").map(String.init))
      }
      return (results.map(\.vector), results.map(\.covered))
    }

    private func expectRanks(
      _ x: [[Double]], _ z: [[Double]], _ scores: [String: [String: Double]], _ name: String
    ) throws {
      let wanted = try #require(scores[name])
      let (left, right) = (
        VectorMatrix(x.map { $0.map(Float.init) }), VectorMatrix(z.map { $0.map(Float.init) })
      )
      for (from, to, way) in [
        (left, right, "source_to_target"), (right, left, "target_to_source"),
      ] {
        let search = try TranslationSearch(from: from, to: to, by: .nearest)
        let ranks = try search.ranks(of: x.indices.map { ($0, $0) })
        let reciprocal = ranks.reduce(0) { $0 + 1 / Double($1) } / Double(ranks.count)
        let first = Double(ranks.filter { $0 == 1 }.count) / Double(ranks.count)
        #expect(try abs(reciprocal - #require(wanted["mrr_\(way)"])) <= 0.002, "\(name) \(way)")
        #expect(try abs(first - #require(wanted["p1_\(way)"])) <= 0.0101, "\(name) \(way)")
      }
    }

    private func expectClose(_ found: [Double], _ wanted: [Double]) {
      #expect(found.count == wanted.count)
      for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) <= 1e-5) }
    }

    private static func counts(
      _ folder: URL, _ code: String
    ) throws -> (words: [(word: String, count: Int)], total: Int) {
      let data = try Golden.unpacked(folder.appendingPathComponent("counts.\(code).tsv.gz"))
      var words: [(word: String, count: Int)] = []
      var total = 0
      for line in data.split(separator: 0x0a) {
        let fields = line.split(separator: 0x09).map { String(decoding: $0, as: UTF8.self) }
        let count = try #require(Int(fields[1]))
        if fields[0] == "#total" { total = count } else { words.append((fields[0], count)) }
      }
      return (words, total)
    }
  }
}

private struct ExpectedFile: Decodable {
  struct Side: Decodable { var component: [Double] }
  var pair: String
  var scores: [String: [String: Double]]
  var source: Side
  var target: Side
}

private struct Sentences: Decodable {
  var source: String
  var target: String
  var source_covered_tokens: Int
  var target_covered_tokens: Int
  var source_weighted: [Double]?
  var target_weighted: [Double]?
  var source_vector: [Double]
  var target_vector: [Double]
}
