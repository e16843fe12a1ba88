// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How well one ranking puts what is relevant first.
public struct RankingScore: Sendable, Hashable {
  /// One divided by the place of the first relevant item; 0 without any.
  public let reciprocalRank: Double
  /// The mean of the precisions at the places of all relevant items (average precision).
  public let averagePrecision: Double
  private let relevance: [Bool]

  /// A ranking as the relevance of its items from the first place on.
  public init(_ relevance: [Bool]) {
    self.relevance = relevance
    reciprocalRank = relevance.firstIndex(of: true).map { 1 / Double($0 + 1) } ?? 0
    var (hits, sum) = (0, 0.0)
    for (place, isRelevant) in relevance.enumerated() where isRelevant {
      hits += 1
      sum += Double(hits) / Double(place + 1)
    }
    averagePrecision = hits == 0 ? 0 : sum / Double(hits)
  }

  /// A ranking by falling scores; of equal scores, what is not relevant comes first, so that nothing is won by them.
  public init(scores: [Float], relevant: Set<Int>) {
    let order = scores.indices.sorted {
      if scores[$0] != scores[$1] { return scores[$0] > scores[$1] }
      let (first, second) = (relevant.contains($0), relevant.contains($1))
      return first == second ? $0 < $1 : second
    }
    self.init(order.map(relevant.contains))
  }

  /// The share of relevant items among the first few.
  public func precision(at limit: Int) -> Double {
    Double(relevance.prefix(limit).count { $0 }) / Double(max(limit, 1))
  }

  /// The share of the relevant items that are among the first few; 0 without any.
  public func recall(at limit: Int) -> Double {
    let all = relevance.count { $0 }
    return all == 0 ? 0 : Double(relevance.prefix(limit).count { $0 }) / Double(all)
  }

  /// The discounted gain of the first few places over the best possible one, nDCG@k; 0 without relevant items.
  ///
  /// Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
  public func normalizedGain(at limit: Int) -> Double {
    func gain(_ relevance: some Sequence<Bool>) -> Double {
      relevance.enumerated().reduce(0) { $1.element ? $0 + 1 / log2(Double($1.offset + 2)) : $0 }
    }
    let all = relevance.count { $0 }
    guard all > 0 else { return 0 }
    return gain(relevance.prefix(limit))
      / gain([Bool](repeating: true, count: min(all, limit)))
  }
}
