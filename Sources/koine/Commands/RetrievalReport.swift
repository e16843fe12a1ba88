// SPDX-License-Identifier: Apache-2.0

import Metrics
import WordVectors

/// What a measurement of retrieval prints.
struct RetrievalReport: Encodable {
  struct Score: Encodable {
    let direction: String
    let metric: String
    let value: Double
    let low: Double?
    let high: Double?
  }

  let retrieval: String
  let queries: Int
  var scores: [Score] = []

  init(retrieval: String, queries: Int) {
    self.retrieval = retrieval
    self.queries = queries
  }

  mutating func add(
    _ direction: String, _ ranks: RetrievalRanks, _ bitext: BitextScore, _ bootstrap: Bootstrap?
  ) throws {
    let mean = try bootstrap?.interval(ofMean: ranks.reciprocalRanks)
    scores.append(
      Score(
        direction: direction, metric: "MRR", value: ranks.meanReciprocalRank, low: mean?.low,
        high: mean?.high))
    for limit in [1, 5, 10] {
      let interval = try bootstrap?.interval(ofAccuracy: ranks.hits(at: limit))
      scores.append(
        Score(
          direction: direction, metric: "P@\(limit)", value: ranks.precision(at: limit),
          low: interval?.low, high: interval?.high))
    }
    let interval = try bootstrap?.interval(ofMean: bitext.parts)
    scores.append(
      Score(
        direction: direction, metric: "F1", value: bitext.f1, low: interval?.low,
        high: interval?.high))
  }

  /// The same as tab-separated lines.
  var table: String {
    let lines = scores.map { score in
      [score.direction, score.metric]
        + [score.value, score.low, score.high].map { $0.map(LexiconReport.text) ?? "" }
    }
    return ([["direction", "metric", "value", "low", "high"]] + lines)
      .map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
