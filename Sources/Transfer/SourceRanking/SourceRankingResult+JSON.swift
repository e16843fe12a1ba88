// SPDX-License-Identifier: Apache-2.0

import CrossLingual

extension SourceRankingResult: Encodable {
  private enum Key: String, CodingKey {
    case version, target, labels, majority, typology, weights, sources, probe
  }

  private struct Source: Encodable {
    struct Risk: Encodable {
      var name: String
      var text: String
    }

    var rank: Int
    var language: String
    var score: Double
    var reasons: [String]
    var risks: [Risk]
    var features: [String: Double]
    var points: [String: Double]
  }

  /// Writes the ranking with all features, each under its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(SourceWeights.version, forKey: .version)
    try container.encode(target, forKey: .target)
    try container.encodeIfPresent(classes, forKey: .labels)
    try container.encodeIfPresent(majority, forKey: .majority)
    try container.encode(hasTypology, forKey: .typology)
    try container.encode(Self.named(weights.values), forKey: .weights)
    try container.encode(
      ranked.enumerated().map { index, source in
        Source(
          rank: index + 1, language: source.language, score: source.score,
          reasons: source.reasons(),
          risks: (risks[source.language] ?? []).map {
            .init(name: $0.name, text: $0.description)
          }, features: Self.named(source.features),
          points: Self.named(
            Dictionary(
              source.contributions.map { ($0.feature, $0.points) },
              uniquingKeysWith: { first, _ in first })))
      }, forKey: .sources)
    try container.encodeIfPresent(probe, forKey: .probe)
  }

  private static func named(_ values: [SourceFeature: Double]) -> [String: Double] {
    Dictionary(values.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
