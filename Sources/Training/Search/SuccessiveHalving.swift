// SPDX-License-Identifier: Apache-2.0

/// Tries many candidates for a short time and the better ones for longer.
///
/// In each round every candidate that is left gets a share of the whole budget, the best of them go on, and the share grows as their
/// number falls, until one is left, which needs no trial any more.
///
/// Sources: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016; Li and others,
/// "Hyperband", 2018, algorithm 1.
public struct SuccessiveHalving: Sendable, Equatable, Codable {
  /// Candidates at the start.
  public let count: Int
  /// How many times fewer candidates each round has, and how many times more budget each gets.
  public let reduction: Int
  /// The share of the budget below which nothing can be told.
  public let minimumShare: Double

  /// A round.
  public struct Round: Sendable, Equatable {
    /// Candidates in it.
    public let count: Int
    /// The share of the whole budget that each gets.
    public let share: Double
  }

  /// A search.
  ///
  /// - Parameters:
  ///   - count: candidates at the start, at least 1.
  ///   - reduction: how many times fewer each round has; 3.
  ///   - minimumShare: the least share of the budget of a round; 0.1.
  /// - Throws: `TrainingError` for numbers that cannot be.
  public init(
    count: Int, reduction: Int = 3, minimumShare: Double = 0.1
  ) throws(TrainingError) {
    guard count > 0 else {
      throw TrainingError(.plan, "a search needs at least 1 candidate, found \(count)")
    }
    guard reduction > 1 else {
      throw TrainingError(.plan, "a search's reduction must be at least 2, found \(reduction)")
    }
    guard minimumShare > 0, minimumShare <= 1 else {
      throw TrainingError(
        .plan, "the least share of a search must be above 0 and at most 1, found \(minimumShare)")
    }
    self.count = count
    self.reduction = reduction
    self.minimumShare = minimumShare
  }

  /// The rounds, each of at least two candidates; the one that is left after them would have the whole budget.
  public var rounds: [Round] {
    var shares = [1.0]
    var left = count
    while left > 1, let share = shares.last, share / Double(reduction) >= minimumShare {
      shares.append(share / Double(reduction))
      left = (left + reduction - 1) / reduction
    }
    var result: [Round] = []
    var candidates = count
    for share in shares.reversed() {
      result.append(Round(count: candidates, share: share))
      candidates = (candidates + reduction - 1) / reduction
    }
    // Of one candidate there is nothing to choose.
    return result.filter { $0.count > 1 }
  }

  /// What the search costs, in whole budgets.
  public var cost: Double { rounds.reduce(0) { $0 + Double($1.count) * $1.share } }

  /// The best of some candidates.
  ///
  /// - Parameters:
  ///   - candidates: as many as ``count``.
  ///   - score: how good a candidate is after a share of the budget; more is better. What is no number counts as the worst.
  /// - Returns: the candidate with the best score of the last round, of equals the earlier.
  public func best<Candidate>(
    of candidates: [Candidate], score: (_ candidate: Candidate, _ share: Double) throws -> Double
  ) throws -> Candidate {
    guard candidates.count == count else {
      throw TrainingError(.plan, "expected \(count) candidates, found \(candidates.count)")
    }
    var order = Array(candidates.indices)
    for round in rounds {
      var scores: [Int: Double] = [:]
      for index in order.prefix(round.count) {
        let value = try score(candidates[index], round.share)
        scores[index] = value.isNaN ? -.infinity : value
      }
      order = scores.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }
    return candidates[order[0]]
  }
}
