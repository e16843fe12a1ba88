// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// How many of the pairs that were found are right, and how many of the right ones were found.
public struct MiningScore: Sendable, Hashable, Codable {
  /// Pairs that were found.
  public var found: Int
  /// Pairs that are right.
  public var gold: Int
  /// Pairs that were found and are right.
  public var correct: Int

  /// A score from its counts.
  public init(found: Int, gold: Int, correct: Int) {
    self.found = found
    self.gold = gold
    self.correct = correct
  }

  /// A row of the sources and one of the targets.
  public struct Place: Sendable, Hashable {
    /// The row among the sources.
    public var source: Int
    /// The row among the targets.
    public var target: Int

    /// A pair of rows.
    public init(_ source: Int, _ target: Int) {
      self.source = source
      self.target = target
    }
  }

  /// Counts the pairs that are right.
  public init(_ pairs: [MarginMining.Pair], gold: Set<Place>) {
    found = pairs.count
    self.gold = gold.count
    correct = pairs.reduce(0) { $0 + (gold.contains(Place($1.source, $1.target)) ? 1 : 0) }
  }

  /// The share of what was found that is right; 0 where nothing was.
  public var precision: Double { found == 0 ? 0 : Double(correct) / Double(found) }
  /// The share of what is right that was found; 0 where nothing is.
  public var recall: Double { gold == 0 ? 0 : Double(correct) / Double(gold) }
  /// The harmonic mean of precision and recall.
  public var f1: Double { found + gold == 0 ? 0 : 2 * Double(correct) / Double(found + gold) }
}

/// The margin from which on pairs are kept, chosen on pairs that are known.
public struct MiningThreshold: Sendable, Hashable, Codable {
  /// The threshold.
  public var value: Double
  /// What it gives on the pairs it was chosen on.
  public var score: MiningScore

  /// The threshold of the best F1, half-way between the last margin that is kept and the next; of equal ones the highest.
  ///
  /// - Parameters:
  ///   - pairs: Pairs that were found, all that there are.
  ///   - gold: Those that are right.
  /// - Throws: `WordVectorError.Code.data` where there is nothing right among what was found.
  public init(
    tunedOn pairs: [MarginMining.Pair], gold: Set<MiningScore.Place>
  ) throws(WordVectorError) {
    let order = pairs.sorted { $0.score > $1.score }
    var counts = MiningScore(found: 0, gold: gold.count, correct: 0)
    var best: (value: Double, score: MiningScore)?
    for (place, pair) in order.enumerated() {
      counts.found += 1
      if gold.contains(.init(pair.source, pair.target)) { counts.correct += 1 }
      let next = place + 1 < order.count ? order[place + 1].score : nil
      // Pairs of one margin are kept together or not at all.
      guard next != pair.score, counts.f1 > best?.score.f1 ?? 0 else { continue }
      // Half-way may round up to the margin itself, which must stay above.
      best = (next.map { min(pair.score, ($0 + pair.score) / 2) } ?? pair.score, counts)
    }
    guard let best else {
      throw WordVectorError(
        .data, "no threshold can be chosen", expected: "gold pairs among those found",
        found: "none of \(gold.count) among \(pairs.count)",
        hint: "check that the gold pairs name lines of these files")
    }
    (value, score) = best
  }
}
