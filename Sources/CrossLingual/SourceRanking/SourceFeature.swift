// SPDX-License-Identifier: Apache-2.0

/// What tells how well labels of a source language carry over to a target language.
///
/// Those of text and typology are LangRank's (Lin and others, 2019); the others come from the base encoder and from the source's labels.
/// None is computed from a label of the target.
public enum SourceFeature: String, Sendable, Hashable, CaseIterable, Codable {
  /// How often the source's head agrees with what all heads say together on the target's text: an estimate of accuracy, on the high side.
  case agreement
  /// How well the classes that the head finds in the target's text keep to the shares that all heads find; minus their distance.
  case classBalance
  /// The mean probability of the class that the source's head chooses on the target's text.
  case confidence
  /// The cross-validated accuracy on the source's own text.
  case ownAccuracy
  /// The mean cosine of the target's sentences to their 4 nearest of the source, languages' means taken away.
  case nearestCosine
  /// The mean cosine of the target's sentences to the nearest of the source, vectors as they are.
  case plainNearestCosine
  /// The cosine of the languages' mean vectors, from 1: the distance between them.
  case meanDistance
  /// Words of both, as a share of the words of each: 2 × shared / (source's + target's).
  case wordOverlap
  /// Subword pieces of both, as a share of the pieces of each.
  case pieceOverlap
  /// The cosine of the counts of three letters in a row.
  case trigramOverlap
  /// The share of letters that are of the same script in both.
  case scriptOverlap
  /// The logarithm of the number of the source's rows.
  case size
  /// (1 - the target's types per token / the source's)², as LangRank has it.
  case typeTokenDistance
  /// Subword pieces to a word of the source.
  case fertility
  /// URIEL+'s distance of syntax.
  case syntacticDistance
  /// URIEL+'s distance of kinds of sounds.
  case phonologicalDistance
  /// URIEL+'s distance of inventories of sounds.
  case inventoryDistance
  /// URIEL+'s distance over all features.
  case featuralDistance
  /// The distance of families.
  case geneticDistance
  /// The distance on the globe.
  case geographicDistance

  /// What reasons call it.
  public var name: String {
    switch self {
    case .agreement: "agreement with all sources"
    case .classBalance: "class balance"
    case .confidence: "confidence"
    case .ownAccuracy: "accuracy on its own text"
    case .nearestCosine: "nearness of sentences"
    case .plainNearestCosine: "nearness of sentences as they are"
    case .meanDistance: "distance of mean vectors"
    case .wordOverlap: "shared words"
    case .pieceOverlap: "shared subword pieces"
    case .trigramOverlap: "shared letter trigrams"
    case .scriptOverlap: "shared script"
    case .size: "size"
    case .typeTokenDistance: "distance of type-token ratios"
    case .fertility: "pieces per word"
    case .syntacticDistance: "distance of syntax"
    case .phonologicalDistance: "distance of phonology"
    case .inventoryDistance: "distance of sound inventories"
    case .featuralDistance: "distance of all features"
    case .geneticDistance: "distance of families"
    case .geographicDistance: "distance on the globe"
    }
  }

  /// Whether it can only be had from labels of the sources.
  public var needsLabels: Bool {
    switch self {
    case .agreement, .classBalance, .confidence, .ownAccuracy: true
    default: false
    }
  }

  /// Whether it comes from typological databases.
  public var isTypological: Bool {
    switch self {
    case .syntacticDistance, .phonologicalDistance, .inventoryDistance, .featuralDistance,
      .geneticDistance, .geographicDistance:
      true
    default: false
    }
  }
}
