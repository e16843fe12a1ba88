// SPDX-License-Identifier: Apache-2.0

/// Pairs of translations among two sets of sentence vectors, by margin, as LASER mines them.
///
/// Source: Artetxe and Schwenk, "Margin-based parallel corpus mining with multilingual sentence embeddings", 2019. Both sets are held
/// in memory with the scores of all their pairs.
public struct MarginMining: Sendable {
  /// A pair that was found.
  public struct Pair: Sendable, Hashable {
    /// The row among the sources.
    public let source: Int
    /// The row among the targets.
    public let target: Int
    /// The margin.
    public let score: Double

    /// A pair from its parts.
    public init(source: Int, target: Int, score: Double) {
      self.source = source
      self.target = target
      self.score = score
    }
  }

  /// Which pairs are kept.
  public enum Choice: String, Sendable, Codable, CaseIterable {
    /// The best of both directions, highest first, as long as both sides are free.
    case max
    /// Those that are best in both directions.
    case intersection
  }

  /// The margins of all pairs.
  public let margins: SimilarityMatrix
  /// For each source, the best of its nearest targets.
  public let forward: [Pair]
  /// For each target, the best of its nearest sources.
  public let backward: [Pair]

  /// Looks for each side's best partner among its `neighbors` nearest by cosine; 4 by default.
  public init(
    cosines: SimilarityMatrix, margin: SimilarityMatrix.Margin = .ratio, neighbors: Int = 4
  ) {
    margins = cosines.margins(margin, neighbors: neighbors)
    forward = Self.best(cosines, margins, neighbors)
    backward = Self.best(cosines.transposed, margins.transposed, neighbors)
      .map { Pair(source: $0.target, target: $0.source, score: $0.score) }
  }

  private static func best(
    _ cosines: SimilarityMatrix, _ margins: SimilarityMatrix, _ neighbors: Int
  ) -> [Pair] {
    guard cosines.scores.columns > 0 else { return [] }
    return (0..<cosines.scores.rows).map { row in
      let candidates = cosines.best(row, limit: neighbors)
      let target = candidates.dropFirst().reduce(candidates.first ?? 0) {
        margins.scores[row, $1] > margins.scores[row, $0] ? $1 : $0
      }
      return Pair(source: row, target: target, score: margins.scores[row, target])
    }
  }

  /// The pairs of a choice, of at least some margin: by falling score for ``Choice/max``, by source for the other.
  public func pairs(_ choice: Choice = .max, atLeast threshold: Double = -.infinity) -> [Pair] {
    switch choice {
    case .max:
      let order = (forward + backward).sorted {
        ($1.score, $0.source, $0.target) < ($0.score, $1.source, $1.target)
      }
      var (sources, targets): (Set<Int>, Set<Int>) = ([], [])
      return order.filter { pair in
        guard pair.score >= threshold, !sources.contains(pair.source),
          !targets.contains(pair.target)
        else { return false }
        sources.insert(pair.source)
        targets.insert(pair.target)
        return true
      }
    case .intersection:
      return forward.filter {
        $0.score >= threshold && backward[$0.target].source == $0.source
      }
    }
  }
}
