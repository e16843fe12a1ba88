// SPDX-License-Identifier: Apache-2.0

/// Cosines of word pairs across languages, to be correlated with people's judgements.
public struct WordSimilarity: Sendable, Hashable {
  /// The cosine of each pair with both words known.
  public let cosines: [Double]
  /// What people think of the same pairs.
  public let scores: [Double]

  /// Cosines of judged pairs; those with an unknown word or without a number are left out.
  public init(_ judged: WordPairs, _ source: VectorTable, _ target: VectorTable) {
    var (cosines, scores): ([Double], [Double]) = ([], [])
    for pair in judged.pairs {
      guard let score = pair.score, let left = source.words.index(of: pair.source),
        let right = target.words.index(of: pair.target)
      else { continue }
      var product = 0.0
      for (a, b) in zip(source.vectors[left], target.vectors[right]) {
        product += Double(a) * Double(b)
      }
      cosines.append(
        product * Double(source.vectors.scale(toUnit: left))
          * Double(target.vectors.scale(toUnit: right)))
      scores.append(score)
    }
    self.cosines = cosines
    self.scores = scores
  }
}
