// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation

/// What gold alignments say of those that were found.
struct AlignmentReport {
  private let score: SentenceAlignmentScore
  private let documents: Int

  /// Measures all documents together.
  init(_ found: [[SentenceAlignment]], gold: [[GoldAlignment]]) {
    var score = SentenceAlignmentScore()
    for (found, gold) in zip(found, gold) { score.add(found, gold: gold) }
    self.score = score
    documents = found.count
  }

  private var rows: [(name: String, counts: SentenceAlignmentScore.Counts)] {
    [("strict", score.strict), ("lax", score.lax)]
  }

  /// A table of both measures.
  var table: String {
    "measure\tfound\tgold\tprecision\trecall\tF1\n"
      + rows.map { name, counts in
        let shares = [counts.precision, counts.recall, counts.f1].map { String(format: "%.4f", $0) }
        return "\(name)\t\(counts.found)\t\(counts.gold)\t\(shares.joined(separator: "\t"))\n"
      }.joined()
  }

  /// The same as one JSON object.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      var object: [String: Shares] = [:]
      for (name, counts) in rows { object[name] = Shares(counts) }
      return String(
        decoding: try encoder.encode(Summary(documents: documents, scores: object)), as: UTF8.self)
        + "\n"
    }
  }

  private struct Summary: Encodable {
    var documents: Int
    var scores: [String: Shares]
  }

  private struct Shares: Encodable {
    var found, gold: Int
    var precision, recall, f1: Double

    init(_ counts: SentenceAlignmentScore.Counts) {
      (found, gold) = (counts.found, counts.gold)
      (precision, recall, f1) = (counts.precision, counts.recall, counts.f1)
    }
  }
}
