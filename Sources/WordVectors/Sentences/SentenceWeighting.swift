// SPDX-License-Identifier: Apache-2.0

/// Sentence vectors from word vectors: a mean in which common words count little, less what all sentences have in common.
///
/// `s = (1/n) Σ a / (a + p(w)) v_w` over the n words that have a vector; then `s - (s·u) u` with u the first right singular vector of
/// the sentences' matrix. Source: Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017 (SIF).
public struct SentenceWeighting: Sendable {
  /// Words with their vectors.
  public let table: VectorTable
  /// Each word's share of the text's tokens; nil where all count alike.
  public let shares: [Double]?
  /// The weight's parameter; 0.001 is usual.
  public let smoothing: Double

  /// Means of vectors, weighted by counts of words.
  ///
  /// - Parameters:
  ///   - counts: How often each word of the table came; one that is not there counts as 0.
  ///   - total: All tokens of the text that was counted.
  public init(
    _ table: VectorTable, counts: [(word: String, count: Int)], total: Int,
    smoothing: Double = 0.001
  ) {
    self.table = table
    self.smoothing = smoothing
    var shares = [Double](repeating: 0, count: table.count)
    for (word, count) in counts {
      guard let index = table.words.index(of: word) else { continue }
      shares[index] = Double(count) / Double(max(total, 1))
    }
    self.shares = shares
  }

  /// Plain means of vectors.
  public init(_ table: VectorTable) {
    self.table = table
    shares = nil
    smoothing = 0.001
  }

  /// The weighted mean of a sentence's words and how many of them have a vector; repeats count.
  public func vector(of words: [String]) -> (vector: [Double], covered: Int) {
    var sum = [Double](repeating: 0, count: table.dimension)
    var covered = 0
    for word in words {
      guard let index = table.words.index(of: word) else { continue }
      covered += 1
      let weight = shares.map { smoothing / (smoothing + $0[index]) } ?? 1
      for (column, number) in table.vectors[index].enumerated() {
        sum[column] += weight * Double(number)
      }
    }
    guard covered > 0 else { return (sum, 0) }
    return (sum.map { $0 / Double(covered) }, covered)
  }

  /// The direction that the sentences have most in common; its largest element is positive.
  public static func commonComponent(of sentences: [[Double]]) -> [Double] {
    let width = sentences.first?.count ?? 0
    var sums = [Double](repeating: 0, count: width * width)
    for sentence in sentences {
      for row in 0..<width {
        let number = sentence[row]
        for column in row..<width { sums[row * width + column] += number * sentence[column] }
      }
    }
    for row in 0..<width {
      for column in 0..<row { sums[row * width + column] = sums[column * width + row] }
    }
    let gram = Matrix(rows: width, columns: width, sums)
    let parts = gram.squareSingularValues()
    let component = (0..<width).map { parts.v[$0, 0] }
    let largest = component.max { abs($0) < abs($1) } ?? 1
    return largest < 0 ? component.map { -$0 } : component
  }

  /// A sentence's vector without its part along a direction of length 1.
  public static func removing(_ component: [Double], from vector: [Double]) -> [Double] {
    let product = zip(vector, component).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(vector, component).map { $0 - product * $1 }
  }
}
