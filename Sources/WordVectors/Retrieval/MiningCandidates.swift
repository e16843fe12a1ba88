// SPDX-License-Identifier: Apache-2.0

/// The best partner of each row of two sets by margin, from which pairs are chosen.
///
/// Only the nearest rows of each by cosine are asked for, so that it is the same whether all cosines are in memory or came in blocks.
public struct MiningCandidates: Sendable {
  /// A row of the other side and its cosine.
  package typealias Nearest = (index: Int, cosine: Double)

  /// For each source, the best of its nearest targets; none for a source that has no nearest.
  public let forward: [MarginMining.Pair]
  /// For each target, the best of its nearest sources.
  public let backward: [MarginMining.Pair]
  private let sources: Int
  private let targets: Int

  /// Chooses each row's best by margin.
  ///
  /// - Parameters:
  ///   - sources: How many sources there are.
  ///   - targets: How many targets there are.
  ///   - margin: How a cosine is set against those of both sides' nearest.
  ///   - nearestTargets: A source's nearest targets, the nearest first; they are asked for twice.
  ///   - nearestSources: A target's nearest sources.
  package init(
    sources: Int, targets: Int, margin: SimilarityMatrix.Margin,
    nearestTargets: (Int) -> [Nearest], nearestSources: (Int) -> [Nearest]
  ) {
    func means(_ count: Int, _ nearest: (Int) -> [Nearest]) -> [Double] {
      (0..<count).map { row in
        let list = nearest(row)
        return list.reduce(0) { $0 + $1.cosine } / Double(max(list.count, 1))
      }
    }
    let (left, right) = (means(sources, nearestTargets), means(targets, nearestSources))
    func best(
      _ count: Int, _ nearest: (Int) -> [Nearest], _ score: (Int, Nearest) -> Double
    ) -> [(row: Int, partner: Int, score: Double)] {
      (0..<count).compactMap { row in
        var best: (row: Int, partner: Int, score: Double)?
        for other in nearest(row) {
          let value = score(row, other)
          // Of equal margins the nearer one.
          if best.map({ value > $0.score }) ?? true { best = (row, other.index, value) }
        }
        return best
      }
    }
    self.sources = sources
    self.targets = targets
    forward = best(sources, nearestTargets) { margin.score($1.cosine, left[$0], right[$1.index]) }
      .map { .init(source: $0.row, target: $0.partner, score: $0.score) }
    backward = best(targets, nearestSources) { margin.score($1.cosine, left[$1.index], right[$0]) }
      .map { .init(source: $0.partner, target: $0.row, score: $0.score) }
  }

  /// The pairs of a choice, of at least some margin: by falling score for `max`, else by the row that chose.
  public func pairs(
    _ choice: MarginMining.Choice = .max, atLeast threshold: Double = -.infinity
  ) -> [MarginMining.Pair] {
    switch choice {
    case .forward: return forward.filter { $0.score >= threshold }
    case .backward: return backward.filter { $0.score >= threshold }
    case .intersection:
      var chosen = [Int](repeating: -1, count: targets)
      for pair in backward { chosen[pair.target] = pair.source }
      return forward.filter { $0.score >= threshold && chosen[$0.target] == $0.source }
    case .max:
      let order = (forward + backward).filter { $0.score >= threshold }.sorted {
        ($1.score, $0.source, $0.target) < ($0.score, $1.source, $1.target)
      }
      var takenSources = [Bool](repeating: false, count: sources)
      var takenTargets = [Bool](repeating: false, count: targets)
      return order.filter { pair in
        guard !takenSources[pair.source], !takenTargets[pair.target] else { return false }
        takenSources[pair.source] = true
        takenTargets[pair.target] = true
        return true
      }
    }
  }
}
