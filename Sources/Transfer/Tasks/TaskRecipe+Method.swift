// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training

extension TaskRecipe.Method {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, method, layers, rank, alpha, targets, reduction, prefixLength, adapterDropout, below,
      belowSource
    case sources, shots, codeSwitch, draws, align, agree
    case epochs, steps, batchSize, accumulation, rate, headRate, layerDecay, schedule, warmup
    case weightDecay, clip, dropout, attentionDropout, frozen, tuned, unfreezing, patience
    case averaging, checkpointInterval, checkpointsActivations, products, labelSmoothing, balance,
      search
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let _: String = try fields.required(
      .method, TuningChoice.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    var choice = TuningChoice(try fields.choice(.method, default: .lora))
    name = try fields.value(.name, default: choice.kind.rawValue)
    choice.layers = try fields.value(.layers, default: choice.layers, in: 1...10_000)
    choice.rank = try fields.value(.rank, default: choice.rank, in: 1...100_000)
    choice.alpha = try fields.value(.alpha, default: choice.alpha, in: 1e-6...1e6)
    choice.targets = try fields.value(.targets, default: choice.targets)
    choice.reductionFactor = try fields.value(
      .reduction, default: choice.reductionFactor, in: 0.01...100_000)
    choice.prefixLength = try fields.value(
      .prefixLength, default: choice.prefixLength, in: 1...10_000)
    choice.adapterDropout = try fields.value(
      .adapterDropout, default: choice.adapterDropout, in: 0...0.99)
    self.choice = choice
    below = try fields.value(.below, default: [])
    sourceHasAdapter = try fields.value(.belowSource, default: true)
    if !below.isEmpty, let reason = LowerAdapters.refusal(choice.kind) {
      throw fields.error(.below, reason)
    }
    guard sourceHasAdapter || below.allSatisfy({ $0.contains("{lang}") }) && !below.isEmpty else {
      throw fields.error(
        .belowSource, "needs 'below' with {lang} in each path: adapters that other languages have")
    }
    teaching.sources = try fields.value(.sources, default: [])
    teaching.shots = try fields.value(.shots, default: 0, in: 0...1_000_000)
    teaching.codeSwitching = try fields.codeSwitching(.codeSwitch)
    draws = try fields.value(.draws, default: 1, in: 1...1000)
    alignment = try fields.value(.align)
    agreement = try fields.value(.agree)
    guard agreement == nil || alignment == nil && !below.contains(where: { $0.contains("{lang}") })
    else {
      throw fields.error(
        .agree,
        "goes through the same adapters for all languages: leave out 'align', and 'below' with {lang} in it"
      )
    }
    if alignment != nil {
      if let reason = LowerAdapters.refusal(choice.kind) { throw fields.error(.align, reason) }
      guard below.isEmpty else {
        throw fields.error(.align, "and 'below' exclude each other: each says what is below")
      }
    }

    var plan = TrainingPlan()
    plan.epochs = try fields.value(.epochs, default: plan.epochs, in: 1...100_000)
    plan.steps = try fields.value(.steps)
    plan.batchSize = try fields.value(.batchSize, default: plan.batchSize, in: 1...1_000_000)
    plan.accumulation = try fields.value(
      .accumulation, default: plan.accumulation, in: 1...1_000_000)
    plan.rate = try fields.value(.rate, default: choice.kind.standardRate, in: 1e-12...100)
    plan.headRate =
      fields.has(.headRate) ? try fields.value(.headRate, default: 1e-3, in: 1e-12...100) : nil
    plan.layerDecay = try fields.value(.layerDecay, default: plan.layerDecay, in: 1e-3...1)
    plan.schedule = try fields.choice(.schedule, default: plan.schedule)
    plan.warmup = try fields.value(.warmup, default: plan.warmup, in: 0...1)
    plan.weightDecay = try fields.value(.weightDecay, default: plan.weightDecay, in: 0...100)
    plan.clip = try fields.value(.clip, default: plan.clip, in: 0...1e9)
    plan.dropout = try fields.value(.dropout, default: plan.dropout, in: 0...0.99)
    plan.attentionDropout = try fields.value(
      .attentionDropout, default: plan.attentionDropout, in: 0...0.99)
    plan.selection.frozen = try fields.value(.frozen, default: [])
    plan.selection.tuned = try fields.value(.tuned, default: [])
    plan.unfreezing = try fields.value(.unfreezing)
    plan.patience = try fields.value(.patience)
    plan.averaging = try fields.value(.averaging, default: plan.averaging, in: 0...1)
    plan.checkpointInterval = try fields.value(
      .checkpointInterval, default: plan.checkpointInterval, in: 1...1_000_000)
    plan.checkpointsActivations = try fields.value(.checkpointsActivations, default: false)
    plan.products = try fields.choice(.products, default: plan.products)
    do {
      try plan.validate()
    } catch {
      throw fields.error(.method, "cannot be trained: \(error.message)")
    }
    self.plan = plan
    labelSmoothing = try fields.value(.labelSmoothing, default: 0, in: 0...0.99)
    balancesClasses = try fields.value(.balance, default: false)
    let section: SearchSection? = try fields.value(.search)
    search = section.map { TaskTraining.Search(trials: $0.trials, space: $0.space(choice.kind)) }
    do {
      try search?.space.validate()
    } catch {
      throw fields.error(.search, "cannot be carried out: \(error.message)")
    }
  }

  /// Writes the section.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(choice.kind, forKey: .method)
    switch choice.kind {
    case .top: try fields.encode(choice.layers, forKey: .layers)
    case .lora:
      try fields.encode(choice.rank, forKey: .rank)
      try fields.encode(choice.alpha, forKey: .alpha)
      try fields.encode(choice.targets, forKey: .targets)
      try fields.encode(choice.adapterDropout, forKey: .adapterDropout)
    case .pfeiffer, .houlsby, .language:
      try fields.encode(choice.reductionFactor, forKey: .reduction)
      try fields.encode(choice.adapterDropout, forKey: .adapterDropout)
    case .prefix: try fields.encode(choice.prefixLength, forKey: .prefixLength)
    default: break
    }
    if !below.isEmpty { try fields.encode(below, forKey: .below) }
    if !sourceHasAdapter { try fields.encode(false, forKey: .belowSource) }
    if !teaching.sources.isEmpty { try fields.encode(teaching.sources, forKey: .sources) }
    if teaching.shots > 0 { try fields.encode(teaching.shots, forKey: .shots) }
    try fields.encodeIfPresent(teaching.codeSwitching, forKey: .codeSwitch)
    try fields.encodeIfPresent(alignment, forKey: .align)
    try fields.encodeIfPresent(agreement, forKey: .agree)
    if draws > 1 { try fields.encode(draws, forKey: .draws) }
    try fields.encode(plan.epochs, forKey: .epochs)
    try fields.encodeIfPresent(plan.steps, forKey: .steps)
    try fields.encode(plan.batchSize, forKey: .batchSize)
    try fields.encode(plan.accumulation, forKey: .accumulation)
    try fields.encode(plan.rate, forKey: .rate)
    try fields.encodeIfPresent(plan.headRate, forKey: .headRate)
    try fields.encode(plan.layerDecay, forKey: .layerDecay)
    try fields.encode(plan.schedule, forKey: .schedule)
    try fields.encode(plan.warmup, forKey: .warmup)
    try fields.encode(plan.weightDecay, forKey: .weightDecay)
    try fields.encode(plan.clip, forKey: .clip)
    try fields.encode(plan.dropout, forKey: .dropout)
    try fields.encode(plan.attentionDropout, forKey: .attentionDropout)
    if !plan.selection.frozen.isEmpty { try fields.encode(plan.selection.frozen, forKey: .frozen) }
    if !plan.selection.tuned.isEmpty { try fields.encode(plan.selection.tuned, forKey: .tuned) }
    try fields.encodeIfPresent(plan.unfreezing, forKey: .unfreezing)
    try fields.encodeIfPresent(plan.patience, forKey: .patience)
    try fields.encode(plan.averaging, forKey: .averaging)
    try fields.encode(plan.checkpointInterval, forKey: .checkpointInterval)
    try fields.encode(plan.checkpointsActivations, forKey: .checkpointsActivations)
    try fields.encode(plan.products, forKey: .products)
    try fields.encode(labelSmoothing, forKey: .labelSmoothing)
    try fields.encode(balancesClasses, forKey: .balance)
    try fields.encodeIfPresent(search.map(SearchSection.init), forKey: .search)
  }
}

/// The `search` section: a number of trials, or that and what they are drawn from.
private struct SearchSection: Codable {
  var trials: Int
  var rate, headRate, dropout: [Double]?
  var epochs, batchSize, rank: [Int]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case trials, rate, headRate, epochs, batchSize, dropout, rank
  }

  init(_ search: TaskTraining.Search) {
    trials = search.trials
    (rate, headRate, dropout) = (search.space.rate, search.space.headRate, search.space.dropout)
    (epochs, batchSize, rank) = (search.space.epochs, search.space.batchSize, search.space.rank)
  }

  init(from decoder: any Decoder) throws {
    if let count = try? decoder.singleValueContainer().decode(Int.self) {
      trials = count
    } else {
      let fields = try StrictFields(decoder, CodingKeys.self)
      trials = try fields.value(.trials, default: 9)
      rate = try fields.value(.rate)
      headRate = try fields.value(.headRate)
      epochs = try fields.value(.epochs)
      batchSize = try fields.value(.batchSize)
      dropout = try fields.value(.dropout)
      rank = try fields.value(.rank)
    }
    guard trials > 0 else {
      throw FieldError(
        code: .value, path: decoder.codingPath.map(\.stringValue),
        message: "'search' must try at least 1 candidate, found \(trials)")
    }
  }

  /// What trials are drawn from; what is left out is as it suits the way to tune.
  func space(_ kind: TuningChoice.Kind) -> SearchSpace {
    var space = SearchSpace(around: kind)
    space.rate = rate ?? space.rate
    space.headRate = headRate ?? space.headRate
    space.epochs = epochs ?? space.epochs
    space.batchSize = batchSize ?? space.batchSize
    space.dropout = dropout ?? space.dropout
    space.rank = rank ?? space.rank
    return space
  }
}
