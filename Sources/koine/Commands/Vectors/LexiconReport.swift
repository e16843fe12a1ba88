// SPDX-License-Identifier: Apache-2.0

import Metrics
import WordVectors

/// What an evaluation by a dictionary prints.
struct LexiconReport: Encodable {
  struct Score: Encodable {
    let value: Double
    let low: Double?
    let high: Double?
  }

  let `protocol`: String
  let retrieval: String
  let questions: Int
  let pairs: Int
  let coveredPairs: Int
  let sources: Int
  let coveredSources: Int
  let coverage: Double
  let pairCoverage: Double
  /// P@1, P@5, P@10, MAP and MRR, as shares.
  let scores: [String: Score]
  var similarity: WordSimilarityReport?
  var space: DiagnosticsReport?

  private static let names = ["P@1", "P@5", "P@10", "MAP", "MRR"]

  init(
    _ result: LexiconInduction.Result, rules: String, retrieval: String, resamples: Int,
    seed: UInt64
  ) throws {
    `protocol` = rules
    self.retrieval = retrieval
    questions = result.ranks.count
    (pairs, coveredPairs) = (result.pairs, result.coveredPairs)
    (sources, coveredSources) = (result.sources, result.coveredSources)
    (coverage, pairCoverage) = (result.coverage, result.pairCoverage)
    let bootstrap = resamples > 0 ? try Bootstrap(resamples: resamples, seed: seed) : nil
    var scores: [String: Score] = [:]
    for limit in [1, 5, 10] {
      let interval = try bootstrap?.interval(ofAccuracy: result.hits(at: limit))
      scores["P@\(limit)"] = Score(
        value: result.precision(at: limit), low: interval?.low, high: interval?.high)
    }
    for (name, value, each) in [
      ("MAP", result.meanAveragePrecision, result.averagePrecisions),
      ("MRR", result.meanReciprocalRank, result.reciprocalRanks),
    ] {
      let interval = try bootstrap?.interval(ofMean: each)
      scores[name] = Score(value: value, low: interval?.low, high: interval?.high)
    }
    self.scores = scores
  }

  /// The same as tab-separated lines: a name, a value, and its interval's ends where it has one.
  var table: String {
    var lines = ["metric\tvalue\tlow\thigh"]
    func line(_ name: String, _ value: Double, _ low: Double? = nil, _ high: Double? = nil) {
      lines.append(
        ([name] + [value, low, high].map { $0.map { Self.text($0) } ?? "" }).joined(separator: "\t")
      )
    }
    for name in Self.names {
      if let score = scores[name] { line(name, score.value, score.low, score.high) }
    }
    lines.append("questions\t\(questions)\t\t")
    line("coverage", coverage)
    line("pair coverage", pairCoverage)
    if let similarity {
      line("similarity: Spearman", similarity.spearman)
      line("similarity: Pearson", similarity.pearson)
      line("similarity: coverage", similarity.coverage)
    }
    if let space {
      line("hubness: skewness", space.hubness.skewness)
      lines.append("hubness: largest\t\(space.hubness.largest)\t\t")
      line("hubness: never found", space.hubness.neverFound)
      line("isometry: singular value gap", space.isometry.singularValueGap)
      line("isometry: effective condition", space.isometry.effectiveCondition)
      line("isometry: relational similarity", space.isometry.relationalSimilarity)
      line("neighbourhood overlap", space.neighborhoodOverlap)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Four digits behind the point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let scaled = (value * 10_000).rounded()
    let whole = abs(scaled) / 10_000
    guard abs(scaled) < 1e15 else { return "\(value)" }
    let fraction = String(Int(abs(scaled)) % 10_000)
    return (scaled < 0 ? "-" : "") + "\(Int(whole))."
      + String(repeating: "0", count: 4 - fraction.utf8.count) + fraction
  }
}

/// Cosines of word pairs beside what people think of them.
struct WordSimilarityReport: Encodable {
  let pairs: Int
  let coverage: Double
  let spearman: Double
  let pearson: Double

  init(_ judged: WordPairs, _ source: VectorTable, _ target: VectorTable) throws {
    let found = WordSimilarity(judged, source, target)
    guard found.cosines.count > 1 else {
      throw WordVectorError(
        .data, "the judged pairs have no overlap with the vectors",
        expected: "two pairs or more with both words known", found: "\(found.cosines.count)")
    }
    pairs = judged.pairs.count
    coverage = Double(found.cosines.count) / Double(judged.pairs.count)
    spearman = try Correlation.spearman(found.cosines, found.scores).coefficient
    pearson = try Correlation.pearson(found.cosines, found.scores).coefficient
  }
}

/// What the diagnostics of a space print.
struct DiagnosticsReport: Encodable, Sendable {
  let hubness: SpaceDiagnostics.Hubness
  let isometry: SpaceDiagnostics.Isometry
  let neighborhoodOverlap: Double
}
