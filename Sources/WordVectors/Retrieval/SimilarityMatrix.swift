// SPDX-License-Identifier: Apache-2.0

/// The scores of all pairs of two sets of vectors, in double precision: for sets that fit into memory as a whole.
///
/// ``TranslationSearch`` gives the nearest of large sets in single precision, in blocks.
public struct SimilarityMatrix: Sendable, Hashable {
  /// How a pair's cosine is set against the cosines of each side's nearest neighbours (Artetxe and Schwenk, "Margin-based
  /// parallel corpus mining", 2019).
  public enum Margin: String, Sendable, Hashable, Codable, CaseIterable {
    /// The cosine divided by the mean of both sides' means: LASER's choice.
    case ratio
    /// The cosine less that mean.
    case distance
    /// The cosine itself.
    case absolute

    /// A pair's score from its cosine and the mean cosines of its two sides to their nearest.
    @inline(__always) func score(_ cosine: Double, _ left: Double, _ right: Double) -> Double {
      switch self {
      case .ratio: cosine / ((left + right) / 2)
      case .distance: cosine - (left + right) / 2
      case .absolute: cosine
      }
    }
  }

  /// One row for each source, one column for each target.
  public let scores: Matrix

  /// Scores that are known.
  public init(_ scores: Matrix) { self.scores = scores }

  /// The cosines of all pairs.
  ///
  /// - Throws: `WordVectorError.Code.argument` where the vectors' lengths differ.
  public init(cosines x: Matrix, _ y: Matrix) throws {
    guard x.columns == y.columns else {
      throw WordVectorError(
        .argument, "the vectors of both sides differ in length",
        expected: "\(x.columns) numbers on both", found: "\(y.columns) in the targets",
        hint: "bring them into one space first")
    }
    scores = x.normalizingRows.times(y.normalizingRows.transposed)
  }

  /// Each row's mean over its `count` largest scores, or over all where there are fewer.
  public func rowMeans(of count: Int) -> [Double] {
    let count = max(1, min(count, scores.columns))
    return (0..<scores.rows).map { row in
      best(row, limit: count).reduce(0) { $0 + scores[row, $1] } / Double(count)
    }
  }

  /// Sources and targets exchanged.
  public var transposed: SimilarityMatrix { SimilarityMatrix(scores.transposed) }

  /// Cosines as CSLS: twice each less both sides' mean cosine to their nearest (Conneau and others, 2018); 10 neighbours are usual.
  public func csls(neighbors: Int = 10) -> SimilarityMatrix {
    adjusted(neighbors) { 2 * $0 - $1 - $2 }
  }

  /// Cosines as margins; 4 neighbours are usual.
  public func margins(_ margin: Margin, neighbors: Int = 4) -> SimilarityMatrix {
    adjusted(neighbors, margin.score)
  }

  private func adjusted(
    _ neighbors: Int, _ score: (Double, Double, Double) -> Double
  ) -> SimilarityMatrix {
    let (left, right) = (rowMeans(of: neighbors), transposed.rowMeans(of: neighbors))
    var result = scores
    for row in 0..<scores.rows {
      for column in 0..<scores.columns {
        result[row, column] = score(scores[row, column], left[row], right[column])
      }
    }
    return SimilarityMatrix(result)
  }

  /// A row's best columns, the best first; of equal scores the earlier column.
  public func best(_ row: Int, limit: Int) -> [Int] {
    let order = (0..<scores.columns).sorted {
      (scores[row, $1], $0) < (scores[row, $0], $1)
    }
    return Array(order.prefix(limit))
  }

  /// Where the best of some targets came among all targets of a source, from 1.
  ///
  /// For sources with several right targets, as dictionaries have them. Precision at k is the share of ranks up to k.
  public func rank(ofBestOf targets: [Int], for source: Int) -> Int {
    let order = best(source, limit: scores.columns)
    let wanted = Set(targets)
    return (order.firstIndex { wanted.contains($0) } ?? scores.columns) + 1
  }
}
