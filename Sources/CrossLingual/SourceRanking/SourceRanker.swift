// SPDX-License-Identifier: Apache-2.0

/// A language that could teach a target, with what is known of the pair.
public struct SourceCandidate: Sendable, Equatable {
  /// The language's code.
  public var language: String
  /// Features that are known of it; what is not known counts as the candidates' mean.
  public var features: [SourceFeature: Double]

  /// A candidate.
  public init(language: String, features: [SourceFeature: Double]) {
    self.language = language
    self.features = features
  }
}

/// A candidate's place in a ranking, and why.
public struct RankedSource: Sendable, Equatable {
  /// What a feature did to the score.
  public struct Contribution: Sendable, Equatable {
    /// The feature.
    public var feature: SourceFeature
    /// Its value.
    public var value: Double
    /// Its mean over the candidates.
    public var mean: Double
    /// What it added to the score.
    public var points: Double
  }

  /// The language's code.
  public var language: String
  /// Weighted standardised features, over the sum of weights: 1 is a standard deviation better in all that counts.
  public var score: Double
  /// All features that are known of it.
  public var features: [SourceFeature: Double]
  /// What made the score, the greatest first.
  public var contributions: [Contribution]

  /// The reasons in words: what lifted it and what lowered it, at most so many of each.
  public func reasons(limit: Int = 3) -> [String] {
    let telling = contributions.filter { abs($0.points) >= 0.02 }
    return [true, false].flatMap { isLift in
      telling.filter { ($0.points > 0) == isLift }.prefix(limit).map { contribution in
        let side = contribution.value > contribution.mean ? "above" : "below"
        return (isLift ? "+ " : "- ") + contribution.feature.name + " "
          + Self.text(contribution.value)
          + ", \(side) the mean of \(Self.text(contribution.mean))"
      }
    }
  }

  /// A number with three digits behind the point.
  static func text(_ value: Double) -> String {
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = String(thousandths % 1000 + 1000).dropFirst()
    return (value < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000).\(digits)"
  }
}

/// Ranks candidates by a linear score of standardised features.
public struct SourceRanker: Sendable {
  /// How much each feature counts.
  public var weights: SourceWeights

  /// A ranker with its weights.
  public init(weights: SourceWeights) {
    self.weights = weights
  }

  /// The candidates, the best first; equals in the order of their codes.
  public func rank(_ candidates: [SourceCandidate]) -> [RankedSource] {
    let total = weights.values.values.map(abs).sorted().reduce(0, +)
    var ranked = candidates.map {
      RankedSource(language: $0.language, score: 0, features: $0.features, contributions: [])
    }
    for feature in SourceFeature.allCases {
      guard let weight = weights.values[feature], weight != 0 else { continue }
      let known = candidates.compactMap { $0.features[feature] }
      guard !known.isEmpty else { continue }
      let mean = known.reduce(0, +) / Double(known.count)
      let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
      let deviation = variance.squareRoot()
      for index in ranked.indices {
        guard let value = candidates[index].features[feature] else { continue }
        // Candidates that are all alike in something are not told apart by it.
        let points = deviation < 1e-9 ? 0 : weight * (value - mean) / deviation / total
        ranked[index].score += points
        ranked[index].contributions.append(
          .init(feature: feature, value: value, mean: mean, points: points))
      }
    }
    for index in ranked.indices {
      ranked[index].contributions.sort { abs($0.points) > abs($1.points) }
    }
    return ranked.sorted {
      $0.score != $1.score
        ? $0.score > $1.score : $0.language.utf8.lexicographicallyPrecedes($1.language.utf8)
    }
  }
}
