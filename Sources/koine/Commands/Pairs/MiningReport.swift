// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Transfer
import WordVectors

/// What gold pairs say of a threshold and of what was mined with it.
struct MiningReport {
  private(set) var threshold: Double?
  /// How well the development set's pairs are found with the threshold.
  private(set) var tuning: MiningScore?
  private var evaluation: MiningScore?

  init(threshold: Double?) { self.threshold = threshold }

  /// Chooses the threshold.
  mutating func tune(_ gold: Set<MiningScore.Place>, _ pairs: [MarginMining.Pair]) throws {
    let chosen = try MiningThreshold(tunedOn: pairs, gold: gold)
    threshold = chosen.value
    tuning = chosen.score
  }

  /// Measures the pairs that are kept.
  mutating func evaluate(_ path: String, _ sides: PairSides, _ pairs: [MarginMining.Pair]) throws {
    evaluation = MiningScore(pairs, gold: try Self.gold(path, sides))
  }

  /// Pairs that are known, of a file.
  static func gold(_ path: String, _ sides: PairSides) throws -> Set<MiningScore.Place> {
    let gold = try GoldPairs(path, source: sides.source, target: sides.target)
    if gold.leftOut > 0 {
      Terminal.log(
        "\(path): \(gold.leftOut) pairs have a line that takes no part; they do not count")
    }
    return gold.pairs
  }

  private var scores: [(name: String, score: MiningScore)] {
    [("tune", tuning), ("evaluate", evaluation)].compactMap { name, score in
      score.map { (name, $0) }
    }
  }

  /// A table of the measurements.
  var table: String {
    var text = "set\tthreshold\tfound\tgold\tcorrect\tprecision\trecall\tF1\n"
    for (name, score) in scores {
      let shares = [score.precision, score.recall, score.f1].map { String(format: "%.4f", $0) }
      let least = threshold.map { String(format: "%.6f", $0) } ?? "none"
      text += "\(name)\t\(least)\t\(score.found)\t\(score.gold)\t\(score.correct)\t"
      text += shares.joined(separator: "\t") + "\n"
    }
    return text
  }

  /// The same as one JSON object.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let object = Summary(
        threshold: threshold, tuning: tuning.map(Shares.init),
        evaluation: evaluation.map(Shares.init))
      return String(decoding: try encoder.encode(object), as: UTF8.self) + "\n"
    }
  }

  private struct Summary: Encodable {
    var threshold: Double?
    var tuning: Shares?
    var evaluation: Shares?
  }

  private struct Shares: Encodable {
    var found, gold, correct: Int
    var precision, recall, f1: Double

    init(_ score: MiningScore) {
      (found, gold, correct) = (score.found, score.gold, score.correct)
      (precision, recall, f1) = (score.precision, score.recall, score.f1)
    }
  }
}
