// SPDX-License-Identifier: Apache-2.0

import Corpora
import Tasks
import Training

extension TaskRecipe {
  /// An alignment that is trained before methods that name it: an adapter below what those methods tune.
  ///
  /// One adapter serves all languages but the source, or each has its own. The source is encoded without it, so that a task is learned where the
  /// frozen base has the source's texts. Stages are gone through in their order, each going on with the adapter of the one before: a
  /// curriculum.
  public struct Alignment: Sendable, Equatable {
    /// The name, which methods call it by.
    public var name: String
    /// Whether one adapter serves all languages; else each that has pairs gets its own.
    public var isShared: Bool
    /// What moves: an adapter.
    public var choice: TuningChoice
    /// Terms' other settings, and what is watched.
    public var learning: AlignmentTuner.Settings
    /// Pairs of each language that are held out to watch its space.
    public var heldOut: Int
    /// Whether pairs of files count as much as their score says; those without one count 1.
    public var weighsByScore: Bool
    /// The stages, in their order.
    public var stages: [Stage]

    /// A part of the course with pairs, a loss and a plan of its own.
    public struct Stage: Sendable, Equatable {
      /// Files of pairs as `koine align --pairs` takes them, with `{lang}` for each target's, where it is there.
      public var pairs: [String]
      /// How texts of the source's training examples become pairs by dictionaries; nil for not at all.
      public var codeSwitching: CodeSwitchSection?
      /// The loss, as `contrastive`, `pivot=0.5`, `keep=0:1@0.2-0.5`.
      public var objective: [String]
      /// What cosines are divided by in contrast and entropy.
      public var temperature: Double
      /// The plan.
      public var plan: TrainingPlan
      /// The share of languages that have a part in it, the nearest by the frozen base; 1.
      public var nearest = 1.0
      /// What every language has to reach before the next stage; nil for nothing.
      public var gate: Gate?
    }

    /// What a stage has to come to, language by language, on the pairs that were held out to watch its space.
    public struct Gate: Sendable, Equatable {
      /// The least share of held-out texts that find their own.
      public var found: Double
      /// How often the stage is gone through again while a language finds less.
      public var repeats: Int
      /// What is done where one still does.
      public var otherwise: Otherwise

      /// What is done with a language that did not come through.
      public enum Otherwise: String, Sendable, Codable, CaseIterable {
        /// The run stops with a sentence.
        case stop
        /// The language has no part in later stages.
        case leave
      }
    }
  }
}

extension TaskRecipe.Alignment: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, shared, method, rank, alpha, targets, reduction, prefixLength
    case pairs, codeSwitch, objective, temperature, hardNegatives, partSize
    case sampling, batching, competence, healthInterval, heldOut, scoreWeights
    case epochs, steps, batchSize, rate, warmup, dropout, nearest, gate, stages
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    name = try fields.required(.name, "a name, which methods call it by")
    guard !name.isEmpty,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    else { throw fields.error(.name, "must be of letters, digits, '-' and '_', found '\(name)'") }
    isShared = try fields.value(.shared, default: true)
    var choice = TuningChoice(try fields.choice(.method, default: .lora))
    guard choice.kind != .head, !choice.kind.changesBody else {
      throw fields.error(.method, "must be an adapter, found '\(choice.kind.rawValue)'")
    }
    choice.rank = try fields.value(.rank, default: choice.rank, in: 1...100_000)
    choice.alpha = try fields.value(.alpha, default: choice.alpha, in: 1e-6...1e6)
    choice.targets = try fields.value(.targets, default: choice.targets)
    choice.reductionFactor = try fields.value(
      .reduction, default: choice.reductionFactor, in: 0.01...100_000)
    choice.prefixLength = try fields.value(
      .prefixLength, default: choice.prefixLength, in: 1...10_000)
    self.choice = choice
    learning = AlignmentTuner.Settings()
    learning.freezesSources = true
    learning.healthInterval = try fields.value(
      .healthInterval, default: learning.healthInterval, in: 0...Int.max)
    learning.objective.hardNegatives = try fields.value(.hardNegatives, default: 0, in: 0...1000)
    learning.objective.partSize = try fields.value(
      .partSize, default: learning.objective.partSize, in: 1...1_000_000)
    learning.objective.sampling = PairSampling(
      exponent: try fields.value(.sampling, default: 1, in: 0...1),
      batching: try fields.choice(.batching, default: .mixed),
      competence: try fields.value(.competence))
    if let competence = learning.objective.sampling.competence,
      !(competence > 0 && competence <= 1)
    {
      throw fields.error(.competence, "must be above 0 and at most 1, found \(competence)")
    }
    heldOut = try fields.value(
      .heldOut, default: AlignmentTraining.Settings().heldOut, in: 0...Int.max)
    weighsByScore = try fields.value(.scoreWeights, default: false)
    var stage = Stage()
    stage.plan.rate = choice.kind.standardRate
    try stage.read(fields)
    if let word = try? fields.value(.stages, default: "") {
      guard ["", Self.nearToFar].contains(word) else {
        throw fields.error(
          .stages, "must be a list of sections or \(Self.nearToFar), found '\(word)'")
      }
      stages = word.isEmpty ? [stage] : stage.fromNearToFar()
    } else {
      let sections: [StageSection] = try fields.value(.stages, default: [])
      stages = try sections.isEmpty ? [stage] : sections.map { try $0.stage(after: stage) }
    }
    guard isShared || stages.allSatisfy({ $0.nearest == 1 }) else {
      throw fields.error(
        .nearest, "is for an adapter that languages share: leave it out with 'shared: false'")
    }
    guard heldOut > 1 || stages.allSatisfy({ $0.gate == nil }) else {
      throw fields.error(
        .heldOut, "must be above 1 where a stage has a gate, which is judged by held-out pairs")
    }
    guard stages.allSatisfy({ !$0.pairs.isEmpty || $0.codeSwitching != nil }) else {
      throw fields.error(
        .pairs,
        "or 'codeSwitch' must say where pairs come from, in the alignment or in each of its stages")
    }
  }

  /// What stands in the place of stages where they are to be made.
  private static let nearToFar = "near-to-far"

  /// Writes the section, every stage in full.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(isShared, forKey: .shared)
    try fields.encode(choice.kind, forKey: .method)
    switch choice.kind {
    case .lora:
      try fields.encode(choice.rank, forKey: .rank)
      try fields.encode(choice.alpha, forKey: .alpha)
      try fields.encode(choice.targets, forKey: .targets)
    case .prefix: try fields.encode(choice.prefixLength, forKey: .prefixLength)
    case .pfeiffer, .houlsby, .language:
      try fields.encode(choice.reductionFactor, forKey: .reduction)
    default: break
    }
    try fields.encode(learning.objective.hardNegatives, forKey: .hardNegatives)
    try fields.encode(learning.objective.partSize, forKey: .partSize)
    try fields.encode(learning.objective.sampling.exponent, forKey: .sampling)
    try fields.encode(learning.objective.sampling.batching, forKey: .batching)
    try fields.encodeIfPresent(learning.objective.sampling.competence, forKey: .competence)
    try fields.encode(learning.healthInterval, forKey: .healthInterval)
    try fields.encode(heldOut, forKey: .heldOut)
    try fields.encode(weighsByScore, forKey: .scoreWeights)
    try fields.encode(stages.map(StageSection.init), forKey: .stages)
  }

  /// How a stage is trained on a base.
  func settings(_ stage: Stage, base: Recipe.Base, seed: UInt64) throws
    -> AlignmentTraining.Settings
  {
    var settings = AlignmentTraining.Settings()
    settings.base = base.model
    settings.choice = choice
    settings.plan = stage.plan
    settings.plan.seed = seed
    settings.learning = learning
    settings.learning.objective.terms = try stage.terms()
    settings.maximumLength = base.maximumLength
    settings.prefix = base.prefix
    settings.heldOut = heldOut
    settings.name = name
    return settings
  }
}

extension TaskRecipe.Alignment.Stage {
  /// Contrast, once through all pairs.
  fileprivate init() {
    (pairs, codeSwitching, objective) = ([], nil, ["contrastive"])
    temperature = AlignmentTraining.usualTemperature
    plan = AlignmentTraining.Settings().plan
  }

  /// Sets what a section says.
  fileprivate mutating func read(_ fields: StrictFields<TaskRecipe.Alignment.CodingKeys>) throws {
    pairs = try fields.value(.pairs, default: pairs)
    codeSwitching = try fields.codeSwitching(.codeSwitch) ?? codeSwitching
    objective = try fields.value(.objective, default: objective)
    temperature = try fields.value(.temperature, default: temperature, in: 1e-6...100)
    plan.epochs = try fields.value(.epochs, default: plan.epochs, in: 1...100_000)
    plan.steps = try fields.value(.steps) ?? plan.steps
    plan.batchSize = try fields.value(.batchSize, default: plan.batchSize, in: 2...1_000_000)
    plan.rate = try fields.value(.rate, default: plan.rate, in: 1e-12...100)
    plan.warmup = try fields.value(.warmup, default: plan.warmup, in: 0...1)
    plan.dropout = try fields.value(.dropout, default: plan.dropout, in: 0...0.99)
    nearest = try fields.value(.nearest, default: nearest, in: 1e-6...1)
    gate = try fields.value(.gate) ?? gate
    do {
      try plan.validate()
      _ = try terms()
    } catch {
      throw fields.error(.objective, "cannot be trained: \(error.message)")
    }
  }

  /// Three stages: with the nearest third of the languages, with two thirds, with all.
  fileprivate func fromNearToFar() -> [Self] {
    (1...3).map { part in
      var stage = self
      // A number that reads the same once it was written: 0.333, 0.666, 1.
      stage.nearest = Double(part * 1000 / 3) / 1000
      return stage
    }
  }

  /// The terms of the loss.
  func terms() throws(TrainingError) -> [AlignmentTerm] {
    var terms: [AlignmentTerm] = []
    for text in objective {
      var term = try AlignmentTerm(text)
      term.temperature = temperature
      terms.append(term)
    }
    return terms
  }
}

/// A stage's section: what differs from what stands above it.
private struct StageSection: Codable {
  private let decoder: (any Decoder)?
  private let stage: TaskRecipe.Alignment.Stage?

  init(_ stage: TaskRecipe.Alignment.Stage) { (decoder, self.stage) = (nil, stage) }

  init(from decoder: any Decoder) throws { (self.decoder, stage) = (decoder, nil) }

  func stage(after general: TaskRecipe.Alignment.Stage) throws -> TaskRecipe.Alignment.Stage {
    guard let decoder else { return stage ?? general }
    let fields = try StrictFields(decoder, TaskRecipe.Alignment.CodingKeys.self)
    var stage = general
    let own: [TaskRecipe.Alignment.CodingKeys] = [
      .pairs, .codeSwitch, .objective, .temperature, .epochs, .steps, .batchSize, .rate, .warmup,
      .dropout, .nearest, .gate,
    ]
    let all = TaskRecipe.Alignment.CodingKeys.allCases
    if let key = all.first(where: { fields.has($0) && !own.contains($0) }) {
      throw fields.error(key, "is for the alignment as a whole, not for one of its stages")
    }
    // A stage that names pairs of its own has no others.
    if fields.has(.pairs) || fields.has(.codeSwitch) {
      (stage.pairs, stage.codeSwitching) = ([], nil)
    }
    try stage.read(fields)
    return stage
  }

  func encode(to encoder: any Encoder) throws {
    guard let stage else { return }
    var fields = encoder.container(keyedBy: TaskRecipe.Alignment.CodingKeys.self)
    if !stage.pairs.isEmpty { try fields.encode(stage.pairs, forKey: .pairs) }
    try fields.encodeIfPresent(stage.codeSwitching, forKey: .codeSwitch)
    try fields.encode(stage.objective, forKey: .objective)
    try fields.encode(stage.temperature, forKey: .temperature)
    try fields.encode(stage.plan.epochs, forKey: .epochs)
    try fields.encodeIfPresent(stage.plan.steps, forKey: .steps)
    try fields.encode(stage.plan.batchSize, forKey: .batchSize)
    try fields.encode(stage.plan.rate, forKey: .rate)
    try fields.encode(stage.plan.warmup, forKey: .warmup)
    try fields.encode(stage.plan.dropout, forKey: .dropout)
    try fields.encode(stage.nearest, forKey: .nearest)
    try fields.encodeIfPresent(stage.gate, forKey: .gate)
  }
}

extension TaskRecipe.Alignment.Gate: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable { case found, repeats, otherwise }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    found = try fields.required(.found, "the least share of held-out texts that find their own")
    guard (0...1).contains(found) else {
      throw fields.error(.found, "must be between 0 and 1, found \(found)")
    }
    repeats = try fields.value(.repeats, default: 0, in: 0...1000)
    otherwise = try fields.choice(.otherwise, default: .stop)
  }
}
