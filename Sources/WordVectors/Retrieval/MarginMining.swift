// SPDX-License-Identifier: Apache-2.0

/// Pairs of translations among two sets of sentence vectors, by margin, as LASER mines them.
///
/// Source: Artetxe and Schwenk, "Margin-based parallel corpus mining with multilingual sentence embeddings", 2019. Both sets are held
/// in memory with the scores of all their pairs; ``MiningCandidates`` come of large sets too.
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
    /// Each source's best.
    case forward
    /// Each target's best.
    case backward
  }

  /// The margins of all pairs.
  public let margins: SimilarityMatrix
  private let candidates: MiningCandidates

  /// For each source, the best of its nearest targets.
  public var forward: [Pair] { candidates.forward }
  /// For each target, the best of its nearest sources.
  public var backward: [Pair] { candidates.backward }

  /// Looks for each side's best partner among its `neighbors` nearest by cosine; 4 by default.
  public init(
    cosines: SimilarityMatrix, margin: SimilarityMatrix.Margin = .ratio, neighbors: Int = 4
  ) {
    margins = cosines.margins(margin, neighbors: neighbors)
    let transposed = cosines.transposed
    func nearest(_ row: Int, _ cosines: SimilarityMatrix) -> [MiningCandidates.Nearest] {
      cosines.best(row, limit: neighbors).map { ($0, cosines.scores[row, $0]) }
    }
    candidates = MiningCandidates(
      sources: cosines.scores.rows, targets: cosines.scores.columns, margin: margin,
      nearestTargets: { nearest($0, cosines) }, nearestSources: { nearest($0, transposed) })
  }

  /// The pairs of a choice, of at least some margin: by falling score for ``Choice/max``, else by the row that chose.
  public func pairs(_ choice: Choice = .max, atLeast threshold: Double = -.infinity) -> [Pair] {
    candidates.pairs(choice, atLeast: threshold)
  }
}
