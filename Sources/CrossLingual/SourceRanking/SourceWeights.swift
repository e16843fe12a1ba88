// SPDX-License-Identifier: Apache-2.0

/// How much each feature counts in a ranking: a linear score of features that are standardised over the candidates.
///
/// Weights are fixed. They were fitted once, by ridge regression in which no weight may point the wrong way, to accuracies of
/// classifiers of topics on frozen vectors, in languages that no figure of the documentation is measured on; `Documentation/SourceRanking.md`
/// says how, and `Benchmarks/rank_sources.py` fits them again.
public struct SourceWeights: Sendable, Equatable {
  /// The version that results name; raised when the same data would be ranked otherwise.
  public static let version = "koine.sources/v1"

  /// Weights by feature; a feature without one is told but does not count.
  public var values: [SourceFeature: Double]

  /// Weights by feature.
  public init(_ values: [SourceFeature: Double]) {
    self.values = values
  }

  /// Where the sources have labels.
  public static let labelled = SourceWeights([
    .agreement: 9.8, .classBalance: 2.8, .nearestCosine: 1.1, .geneticDistance: -0.3,
  ])

  /// Where there is text alone.
  public static let unlabelled = SourceWeights([
    .nearestCosine: 2.4, .plainNearestCosine: 2.2, .geneticDistance: -2.1, .trigramOverlap: 0.1,
  ])
}
