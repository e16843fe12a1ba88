// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Training

// Each section lists its keys, its defaults and its ranges in one place, here.

extension TaskRecipe {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case recipe, task, name, title, seed, base, data, alignments, methods, keep, evaluation
  }

  /// Reads a recipe, refusing unknown keys and values out of range.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    recipe = try fields.required(.recipe, "'recipe: \(Recipe.version)' as the first line")
    guard recipe == Recipe.version else {
      throw fields.error(.recipe, "must be \(Recipe.version), found '\(recipe)'")
    }
    task = try fields.required(.task, "the name of a task, or a section with its 'kind'")
    name = try fields.required(.name, "a short name for the results")
    title = try fields.value(.title, default: name)
    seed = try fields.value(.seed, default: 1)
    base = try fields.value(.base, default: Recipe.Base())
    guard !base.isStatic else {
      throw fields.error(
        .base, "must be an encoder with layers to tune, such as e5-small, found '\(base.model)'")
    }
    guard base.romanization == .none, base.gloss == nil else {
      throw fields.error(
        .base,
        "has 'romanize' or 'gloss', which recipes without 'task' have; 'koine data gloss' does the same to files"
      )
    }
    task.options.prefix = base.prefix
    task.options.pooling = base.pooling
    data = try fields.required(.data, "a section that says where examples come from")
    alignments = try fields.value(.alignments, default: [])
    guard Set(alignments.map(\.name)).count == alignments.count else {
      throw fields.error(.alignments, "must have names that differ")
    }
    methods = try fields.value(.methods, default: Self.standardMethods())
    for index in methods.indices where methods[index].plan.headRate == nil {
      methods[index].plan.headRate = methods[index].choice.kind.standardHeadRate(
        poolsStates: task.kind.poolsStates)
    }
    guard !methods.isEmpty else { throw fields.error(.methods, "must name at least one method") }
    guard Set(methods.map(\.name)).count == methods.count else {
      throw fields.error(.methods, "must have names that differ")
    }
    keep = try fields.value(.keep, default: methods.last?.name ?? "")
    guard methods.contains(where: { [keep] in $0.name == keep }) else {
      let names = methods.map(\.name).joined(separator: ", ")
      throw fields.error(.keep, "must be one of \(names), found '\(keep)'")
    }
    evaluation = try fields.value(.evaluation, default: Evaluation(resamples: 1000))
    let names = methods.map(\.name).joined(separator: ", ")
    if let reference = evaluation.reference, !methods.contains(where: { $0.name == reference }) {
      throw fields.error(
        .evaluation, "must name one of \(names) as its reference, found '\(reference)'")
    }
    if let method = methods.first(where: { method in
      method.alignment.map { name in !alignments.contains { $0.name == name } } ?? false
    }) {
      let known = alignments.map(\.name).joined(separator: ", ")
      throw fields.error(
        .methods,
        "'align' of '\(method.name)' must be one of 'alignments' (\(known.isEmpty ? "there are none" : known)), found "
          + "'\(method.alignment ?? "")'")
    }
    if !task.kind.agrees, let method = methods.first(where: { $0.agreement != nil }) {
      throw fields.error(
        .methods,
        "'agree' of '\(method.name)' is for classification and tagging, whose answers are classes; leave it out of "
          + task.kind.rawValue)
    }
    if let method = methods.first(where: { $0.teaching.sources.contains(data.source) }) {
      throw fields.error(
        .methods,
        "'sources' of '\(method.name)' are further languages, found the source '\(data.source)'")
    }
  }

  /// A head alone, and LoRA.
  private static func standardMethods() -> [Method] {
    [TuningChoice.Kind.head, .lora].map { kind in
      var plan = TrainingPlan()
      plan.rate = kind.standardRate
      return Method(
        name: kind.rawValue, choice: TuningChoice(kind), plan: plan, labelSmoothing: 0,
        balancesClasses: false, search: nil, below: [], sourceHasAdapter: true)
    }
  }
}

extension TaskRecipe.TaskSection {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, passagePrefix, hasDense, tags, decoding, stride, window, answerLength
    case allowsNoAnswer, minimum, maximum, temperature, isSymmetric, objective
  }

  /// Reads a name, or a section.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let kind = TaskKind(rawValue: name) else {
        let known = TaskKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw FieldError(
          code: .value, path: decoder.codingPath.map(\.stringValue),
          message: "'task' must be one of \(known), found '\(name)'")
      }
      (self.kind, options) = (kind, TaskOptions())
      return
    }
    let fields = try StrictFields(decoder, CodingKeys.self)
    let _: String = try fields.required(.kind, "the name of a task")
    kind = try fields.choice(.kind, default: .classification)
    var options = TaskOptions()
    options.passagePrefix = try fields.optionalChoice(.passagePrefix)
    options.hasDense = try fields.value(.hasDense, default: false)
    options.tags = try fields.optionalChoice(.tags)
    options.decoding = try fields.optionalChoice(.decoding)
    options.stride = try fields.value(.stride)
    options.window = try fields.value(.window)
    options.answerLength = try fields.value(.answerLength)
    options.allowsNoAnswer = try fields.value(.allowsNoAnswer)
    options.minimum = try fields.value(.minimum)
    options.maximum = try fields.value(.maximum)
    options.temperature = try fields.value(.temperature)
    options.isSymmetric = try fields.value(.isSymmetric)
    options.objective = try fields.optionalChoice(.objective)
    self.options = options
  }

  /// Writes the section; prefix and pooling are the base's.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(kind, forKey: .kind)
    try fields.encodeIfPresent(options.passagePrefix, forKey: .passagePrefix)
    try fields.encode(options.hasDense, forKey: .hasDense)
    try fields.encodeIfPresent(options.tags, forKey: .tags)
    try fields.encodeIfPresent(options.decoding, forKey: .decoding)
    try fields.encodeIfPresent(options.stride, forKey: .stride)
    try fields.encodeIfPresent(options.window, forKey: .window)
    try fields.encodeIfPresent(options.answerLength, forKey: .answerLength)
    try fields.encodeIfPresent(options.allowsNoAnswer, forKey: .allowsNoAnswer)
    try fields.encodeIfPresent(options.minimum, forKey: .minimum)
    try fields.encodeIfPresent(options.maximum, forKey: .maximum)
    try fields.encodeIfPresent(options.temperature, forKey: .temperature)
    try fields.encodeIfPresent(options.isSymmetric, forKey: .isSymmetric)
    try fields.encodeIfPresent(options.objective, forKey: .objective)
  }
}

extension TaskRecipe.Data {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case importer = "import"
    case path, source, targets, text, pair, label, passages, train, development, test, limit
    case learnFirst
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    (importer, path) = try fields.origin(.importer, .path, requiresSplit: false)
    source = try fields.value(.source, default: "en")
    targets = try fields.value(.targets, default: [])
    layout = TaskLayout()
    layout.text = try fields.value(.text)
    layout.pair = try fields.value(.pair)
    layout.label = try fields.value(.label)
    layout.passages = try fields.value(.passages)
    train = try fields.value(.train, default: "train")
    development =
      fields.has(.development) ? try fields.value(.development) : "dev"
    test = try fields.value(.test, default: "test")
    if development == train || development == test { development = nil }
    limit = try fields.value(.limit, default: 0, in: 0...Int.max)
    learnFirst = try fields.value(.learnFirst, default: 0, in: 0...Int.max)
    if learnFirst > 0, path?.contains("{split}") ?? true {
      throw fields.error(
        .learnFirst, "is for a path without {split}, whose one file per language has no splits")
    }
  }

  /// Writes the section.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(importer, forKey: .importer)
    try fields.encodeIfPresent(path, forKey: .path)
    try fields.encode(source, forKey: .source)
    try fields.encode(targets, forKey: .targets)
    try fields.encodeIfPresent(layout.text, forKey: .text)
    try fields.encodeIfPresent(layout.pair, forKey: .pair)
    try fields.encodeIfPresent(layout.label, forKey: .label)
    try fields.encodeIfPresent(layout.passages, forKey: .passages)
    try fields.encode(train, forKey: .train)
    try fields.encode(development, forKey: .development)
    try fields.encode(test, forKey: .test)
    try fields.encode(limit, forKey: .limit)
    if learnFirst > 0 { try fields.encode(learnFirst, forKey: .learnFirst) }
  }
}

extension TaskRecipe.Evaluation {
  enum CodingKeys: String, CodingKey, CaseIterable { case resamples, reference }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    resamples = try fields.value(.resamples, default: 1000, in: 100...1_000_000)
    reference = try fields.value(.reference)
  }
}

extension StrictFields {
  /// A field whose value is one of a few words, or is left out.
  func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ key: Key
  ) throws -> Choice? where Choice.RawValue == String {
    guard let word: String = try value(key) else { return nil }
    guard let choice = Choice(rawValue: word) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error(key, "must be one of \(words), found '\(word)'")
    }
    return choice
  }
}
