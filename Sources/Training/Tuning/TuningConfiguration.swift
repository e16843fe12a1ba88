// SPDX-License-Identifier: Apache-2.0

/// How an encoder is tuned for a task on the source language.
///
/// The defaults are the careful way, which starts from the frozen classifier and moves the last layers only:
/// what transfers to other languages is the base's shared space, and tuning on one language bends it
/// (see Documentation/Tuning.md). ``naive`` is the usual recipe, for comparison.
public struct TuningConfiguration: Sendable, Equatable, Codable {
  /// How many of the last layers move; all of them and the embeddings when it is `nil`.
  public var layers: Int?
  /// The rank of low-rank changes (LoRA; Hu and others, 2022); all weights move when it is `nil`.
  ///
  /// Changes of queries' and values' maps are learned beside the weights, count double, and are added to them at the end; embeddings stay.
  public var rank: Int?
  /// Passes over the training data.
  public var epochs: Int
  /// Rows in a step.
  public var batchSize: Int
  /// The peak step size of the last layer.
  public var rate: Double
  /// Each layer's rate, relative to the layer after it.
  public var layerDecay: Double
  /// The step size of the head.
  public var headRate: Double
  /// The share of steps over which the rates rise; then they fall to zero in a straight line.
  public var warmup: Double
  /// Decoupled weight decay.
  public var weightDecay: Double
  /// The pull back to the start: each step moves weights by rate × pull × distance (L2-SP, Li and others, 2018).
  public var startPull: Double
  /// The largest norm of a step's gradient.
  public var clip: Double
  /// Dropout of states in the layers that move.
  public var dropout: Double
  /// The share of probability that training spreads over all classes.
  public var labelSmoothing: Double
  /// Whether the head starts from the frozen classifier (LP-FT, Kumar and others, 2022), whose penalty decides how
  /// much is left to learn: a soft one tunes better.
  public var startsFromProbe: Bool
  /// The share of steps at the end whose weights are averaged; 0 keeps the last step's.
  public var averaging: Double
  /// Where to stop between the base (0) and the tuned weights (1) (WiSE-FT, Wortsman and others, 2022).
  public var interpolation: Double
  /// How many epochs the loss on source-language development data may fail to fall before tuning stops and
  /// goes back to the best epoch's weights; never when nil.
  public var patience: Int?
  /// Whether the head is fitted to convergence on the tuned features at the end.
  public var refitsHead: Bool
  /// What it is fitted to then.
  public var refitsOn: RefitExamples
  /// Whether classes weigh the same in all.
  public var balancesClasses: Bool
  /// How likely a sentence is trained as if it were in another language: its states are moved by the difference
  /// between the means of that language's text, which needs no labels, and of the source's.
  public var languageShift: Double
  /// The most tokens of a text that is learned from; the encoder's own limit when nil.
  ///
  /// Time and memory of tuning grow with it; what a text is about is mostly said at its beginning.
  public var maximumLength: Int?

  /// Examples that a head is fitted to at the end.
  public enum RefitExamples: String, Sendable, Codable, CaseIterable {
    /// All that were learned from.
    case all
    /// Those in the source's own words, where others are in other languages'.
    case source
  }

  private enum CodingKeys: String, CodingKey {
    case layers, rank, epochs, batchSize, rate, layerDecay, headRate, warmup, weightDecay, startPull
    case clip, dropout, labelSmoothing, startsFromProbe, averaging, interpolation, patience
    case refitsHead, refitsOn, languageShift, maximumLength
    // As recipes write it.
    case balancesClasses = "balance"
  }

  /// What moves, in a few words.
  public var summary: String {
    let place = layers.map { "the last \($0) layers" } ?? "all layers"
    return rank.map { "LoRA of rank \($0), \(place)" } ?? place
  }

  /// The usual recipe: everything moves, from a random head, at one rate.
  public static let naive = TuningConfiguration(
    layers: nil, rank: nil, epochs: 3, batchSize: 32, rate: 5e-5, layerDecay: 1, headRate: 1e-2,
    warmup: 0.1,
    weightDecay: 0.01, startPull: 0, clip: 1, dropout: 0.1, labelSmoothing: 0,
    startsFromProbe: false, averaging: 0, interpolation: 1, patience: nil, refitsHead: false,
    refitsOn: .all, balancesClasses: false, languageShift: 0, maximumLength: nil)

  /// The careful recipe.
  public static let careful = TuningConfiguration(
    layers: 4, rank: nil, epochs: 4, batchSize: 32, rate: 1e-4, layerDecay: 0.9, headRate: 1e-3,
    warmup: 0.1,
    weightDecay: 0.01, startPull: 0, clip: 1, dropout: 0.2, labelSmoothing: 0,
    startsFromProbe: true, averaging: 0, interpolation: 1, patience: nil, refitsHead: false,
    refitsOn: .all, balancesClasses: true, languageShift: 1, maximumLength: nil)

  /// Low-rank changes: little moves, once over the text, and the head is fitted to the source's own examples at the end.
  ///
  /// For text that says the same in many languages' words: moving more learns the texts by heart.
  public static let lowRank = TuningConfiguration(
    layers: nil, rank: 8, epochs: 1, batchSize: 32, rate: 1e-3, layerDecay: 1, headRate: 1e-2,
    warmup: 0.1, weightDecay: 0.01, startPull: 0, clip: 1, dropout: 0.1, labelSmoothing: 0,
    startsFromProbe: false, averaging: 0, interpolation: 1, patience: nil, refitsHead: true,
    refitsOn: .source, balancesClasses: false, languageShift: 0, maximumLength: nil)
}

extension TuningConfiguration {
  /// Writes every field, `null` included: for `layers` it means all of them, not the default.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layers, forKey: .layers)
    try container.encode(rank, forKey: .rank)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(rate, forKey: .rate)
    try container.encode(layerDecay, forKey: .layerDecay)
    try container.encode(headRate, forKey: .headRate)
    try container.encode(warmup, forKey: .warmup)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encode(startPull, forKey: .startPull)
    try container.encode(clip, forKey: .clip)
    try container.encode(dropout, forKey: .dropout)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(startsFromProbe, forKey: .startsFromProbe)
    try container.encode(averaging, forKey: .averaging)
    try container.encode(interpolation, forKey: .interpolation)
    try container.encode(patience, forKey: .patience)
    try container.encode(refitsHead, forKey: .refitsHead)
    try container.encode(refitsOn, forKey: .refitsOn)
    try container.encode(balancesClasses, forKey: .balancesClasses)
    try container.encode(languageShift, forKey: .languageShift)
    try container.encode(maximumLength, forKey: .maximumLength)
  }
}
