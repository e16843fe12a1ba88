// SPDX-License-Identifier: Apache-2.0

/// How much longer or shorter a translation is than is usual, in standard deviations: Gale and Church's δ.
///
/// δ = (l₂ − c l₁) / √(s² (l₁ + l₂ / c) / 2), where a sentence's translation has c characters for one of the sentence, and the variance grows with the length.
struct LengthModel: Sendable {
  /// c.
  let ratio: Double
  /// s².
  let variance: Double
  /// The lengths of all sentences before each, and of all.
  let source: [Double]
  let target: [Double]

  /// - Parameter ratio: nil for what the documents have.
  init(_ source: [Int], _ target: [Int], ratio: Double?, variance: Double) {
    func sums(_ lengths: [Int]) -> [Double] {
      lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + Double($1)) }
    }
    self.source = sums(source)
    self.target = sums(target)
    self.ratio =
      ratio ?? Self.ratio(self.source[source.count], self.target[target.count])
    self.variance = variance
  }

  static func ratio(_ source: Double, _ target: Double) -> Double {
    source > 0 && target > 0 ? target / source : 1
  }

  /// |δ| of a step that ends after so many sentences of either side.
  @inline(__always) func distance(_ step: AlignmentStep, _ row: Int, _ column: Int) -> Double {
    let source = source[row] - source[row - step.source]
    let target = target[column] - target[column - step.target]
    let mean = (source + target / ratio) / 2
    return mean > 0 ? abs(target - ratio * source) / (mean * variance).squareRoot() : 0
  }

  /// Where both documents have come equally far by characters.
  var diagonal: [(source: Int, target: Int)] {
    var column = 0
    return source.indices.map { row in
      while column < target.count - 1, target[column] < source[row] * ratio { column += 1 }
      return (row, column)
    } + [(source.count - 1, target.count - 1)]
  }
}
