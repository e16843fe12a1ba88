// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Tasks

/// A ranking of sources for one target, with all that it was made from.
public struct SourceRankingResult {
  /// What is known of the target.
  public struct Target: Encodable, Sendable, Equatable {
    /// The language's code.
    public var language: String
    /// Rows of text.
    public var rows: Int
    /// Different words to a word.
    public var typeTokenRatio: Double
    /// Subword pieces of the base to a word.
    public var fertility: Double
    /// The share of pieces that the base's vocabulary does not have.
    public var unknownShare: Double
    /// The script of most letters.
    public var script: String?

    init(_ language: String, _ profile: LanguageProfile) {
      self.language = language
      rows = profile.rowCount
      typeTokenRatio = profile.typeTokenRatio
      fertility = profile.fertility
      unknownShare = profile.unknownShare
      script = profile.mainScript
    }
  }

  /// The sources, the best first.
  public var ranked: [RankedSource]
  /// How much each feature counted.
  public var weights: SourceWeights
  /// The risks of each source, by language.
  public var risks: [String: [TransferRisk]]
  /// The target.
  public var target: Target
  /// The classes; nil without labels.
  public var classes: [String]?
  /// The share of the target's text that its commonest class is expected to have; nil without labels.
  public var majority: Double?
  /// Whether typology was looked at.
  public var hasTypology: Bool
  /// What a probe of the heads measured; nil without.
  public var probe: SourceProbe?
  /// Heads on the frozen base by source, for a probe.
  var heads: [String: SoftmaxHead]
}
