// SPDX-License-Identifier: Apache-2.0

/// One of the losses that an alignment is the weighted sum of.
///
///     let terms = [AlignmentTerm(.contrastive), AlignmentTerm(.pivot, weight: WeightSchedule(from: 1, to: 0.1))]
///
/// Documentation/Alignment.md says of each what it needs, what it is for and what it costs.
public struct AlignmentTerm: Sendable, Equatable, Codable {
  /// What a term asks of the vectors of a batch of pairs.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A target's own source is nearer than the others of the batch, and the other way round: symmetric InfoNCE, or multiple
    /// negatives ranking (van den Oord and others, 2018; Feng and others, 2022).
    case contrastive
    /// A target's vector is where the frozen body has its source's: multilingual distillation (Reimers and Gurevych, 2020).
    case pivot
    /// A source's vector stays where the frozen body has it (learning without forgetting; Li and Hoiem, 2018).
    case keep
    /// Two looks at a target under different dropout agree (SimCSE, Gao and others, 2021; R-Drop, Liang and others, 2021).
    case agreement
    /// Targets are spread over the sphere: the logarithm of the mean Gaussian potential of pairs (Wang and Isola, 2020).
    case uniformity
    /// Dimensions of targets go with the same dimensions of their sources and with no others (Barlow twins; Zbontar and others, 2021).
    case decorrelation
    /// Each target decides for one of the batch's sources, whichever: the entropy of its distribution over them is low
    /// (Grandvalet and Bengio, 2005). It does not look at which source is its own.
    case entropy
    /// A word in its sentence is nearer to its partner in the source's than to the batch's other words, and the other way round: contrast
    /// of words that a word alignment links (Cao and others, 2020; Wu and Dredze, 2020).
    case words
  }

  /// What is asked.
  public var kind: Kind
  /// What it counts, by the time of the training; 1.
  public var weight: WeightSchedule
  /// What cosines are divided by, in ``Kind/contrastive``, ``Kind/entropy`` and ``Kind/words``; 0.05.
  public var temperature: Double
  /// Whether sources are where the frozen body has them, so that they need not be computed; true.
  ///
  /// Only ``Kind/contrastive`` asks.
  public var freezesSources: Bool

  /// A term that counts 1, with frozen sources.
  public init(
    _ kind: Kind, weight: WeightSchedule = WeightSchedule(1), temperature: Double = 0.05,
    freezesSources: Bool = true
  ) {
    (self.kind, self.weight) = (kind, weight)
    (self.temperature, self.freezesSources) = (temperature, freezesSources)
  }

  /// Reads the form in text: a kind, or a kind and its weight, as `contrastive`, `pivot=0.5`, `keep=0:1@0.2-0.5`.
  ///
  /// - Throws: `TrainingError` where it is none.
  public init(_ text: String) throws(TrainingError) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard let kind = parts.first.flatMap(Kind.init) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw TrainingError(.plan, "a term of the loss is one of \(known), found '\(text)'")
    }
    guard let weight = parts.count == 1 ? WeightSchedule(1) : WeightSchedule(parts[1]) else {
      throw TrainingError(
        .plan,
        "the weight in the term '\(text)' must be a number of at least 0, or change as 1:0.1 or 0:1@0.2-0.5"
      )
    }
    self.init(kind, weight: weight)
  }

  /// Whether the body that learns has to encode sources too.
  var readsSources: Bool { kind == .keep || kind == .contrastive && !freezesSources }
  /// Whether it is of words, not of texts.
  public var readsWords: Bool { kind == .words }
  /// Whether targets have to be encoded twice.
  var readsTwice: Bool { kind == .agreement }

  /// Refuses what cannot be.
  func validate() throws(TrainingError) {
    guard temperature > 0, temperature.isFinite else {
      throw TrainingError(.plan, "'temperature' must be above 0, found \(temperature)")
    }
  }
}
