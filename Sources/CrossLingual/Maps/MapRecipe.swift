// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// How two languages are brought into one space: what is known of them at first, how maps are worked out, and what follows.
///
/// Presets carry the names of the papers or programs that define them; every field can be changed.
public struct MapRecipe: Sendable, Hashable {
  /// What is known at first.
  public enum Start: String, Sendable, Hashable, CaseIterable {
    /// A dictionary.
    case dictionary
    /// Words that are the same in both languages.
    case identical
    /// Numbers in digits.
    case numerals
    /// Nothing: words are paired by how their similarities within a language are spread (Artetxe et al. 2018).
    case unsupervised
  }

  /// The steps before the map.
  public var normalization = VectorNormalization([.unit, .center, .unit])
  /// What is known at first.
  public var start = Start.dictionary
  /// How the map is worked out in the end.
  public var method = MapMethod.orthogonal
  /// Learning from its own dictionary until it gets no better; nil for none.
  public var selfLearning: SelfLearning?
  /// A given number of maps from its own dictionary; nil for none.
  public var refinement: Refinement?
  /// A map trained for retrieval by CSLS, from the map so far; nil for none.
  public var rcsls: RCSLS?
  /// So many words of each side, from the start, are learnt from; the map is for all.
  ///
  /// 200,000, as in MUSE; nil for all.
  public var vocabulary: Int? = 200_000
  /// What random choices follow from.
  public var seed: UInt64 = 0

  /// An orthogonal map from a dictionary.
  public init() {}

  /// Learning from its own dictionary, with random parts of it left out at first (Artetxe, Labaka and Agirre 2018).
  public struct SelfLearning: Sendable, Hashable {
    /// How the dictionary is read off.
    public var induction: DictionaryInduction
    /// The share of possible pairs that are looked at in the beginning; 0.1.
    public var keepProbability = 0.1
    /// What the share is multiplied by when it gets no better; 2.
    public var keepMultiplier = 2.0
    /// Rounds without a gain after which it is; 50.
    public var patience = 50
    /// The gain in the mean similarity that counts as one; 1e-6.
    public var threshold = 1e-6
    /// Rounds after which it ends in any case; 5,000.
    public var roundLimit = 5_000
    /// Words of each side that an unsupervised start looks at; 4,000.
    public var startVocabulary = 4_000

    /// vecmap's: the 20,000 commonest words of each side, CSLS with 10 neighbours.
    public init() {
      induction = DictionaryInduction()
      induction.vocabulary = 20_000
    }
  }

  /// Maps from the dictionary that the map before gave.
  ///
  /// Source: Conneau and others, "Word translation without parallel data", 2018.
  public struct Refinement: Sendable, Hashable {
    /// How the dictionary is read off.
    public var induction: DictionaryInduction
    /// How often; 5.
    public var rounds = 5
    /// Whether the first dictionary stays in, as in PROC-B; no.
    public var keepsFirst = false

    /// MUSE's: words that are each other's best by CSLS, of the 10,000 commonest.
    public init() {
      induction = DictionaryInduction()
      induction.direction = .mutual
      induction.vocabulary = 10_000
      induction.searchesAll = true
    }
  }

  /// The relaxed CSLS criterion, minimised by gradient steps.
  ///
  /// Source: Joulin and others, "Loss in translation", 2018.
  public struct RCSLS: Sendable, Hashable {
    /// Neighbours; 10.
    public var neighbors = 10
    /// Steps; 10.
    public var iterations = 10
    /// The first step's length; halved where the criterion rises; 1.
    public var learningRate = 1.0
    /// Words of each side that neighbours are looked for among; 200,000.
    public var vocabulary = 200_000
    /// Whether singular values above 1 are cut to 1 after each step, which keeps the problem convex; no.
    public var isSpectral = false

    /// The published settings.
    public init() {}
  }
}

extension MapRecipe {
  /// The presets by their names.
  public static let presetNames = [
    "procrustes", "muse", "vecmap-orthogonal", "vecmap-supervised", "vecmap-semi-supervised",
    "vecmap-identical", "vecmap-unsupervised", "rcsls", "proc-b", "cca", "least-squares",
  ]

  /// A preset by its name.
  ///
  /// - Throws: `WordVectorError.Code.argument` where there is none of the name.
  public init(preset name: String) throws(WordVectorError) {
    self.init()
    switch name {
    case "procrustes": break
    case "muse":
      normalization = VectorNormalization([])
      refinement = Refinement()
    case "vecmap-orthogonal": normalization = VectorNormalization([.unit, .center])
    case "vecmap-supervised": method = .weighted(.symmetric)
    case "vecmap-semi-supervised", "vecmap-identical", "vecmap-unsupervised":
      method = .weighted(.symmetric)
      selfLearning = SelfLearning()
      start =
        name == "vecmap-identical"
        ? .identical : name == "vecmap-unsupervised" ? .unsupervised : .dictionary
    case "rcsls":
      normalization = VectorNormalization([.unit])
      rcsls = RCSLS()
    case "proc-b":
      normalization = VectorNormalization([.unit])
      var refinement = Refinement()
      refinement.rounds = 1
      refinement.keepsFirst = true
      refinement.induction.neighbors = 0
      self.refinement = refinement
    case "cca": method = .weighted(.init())
    case "least-squares": method = .leastSquares
    default:
      throw WordVectorError(
        .argument, "the preset is not known", expected: Self.presetNames.joined(separator: ", "),
        found: "'\(name)'")
    }
  }
}
