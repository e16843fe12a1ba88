// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training
import Transformers

// Each section lists its keys, its defaults and its ranges in one place, here.

extension Recipe {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case recipe, name, title, seed, base, data, methods, keep, evaluation
  }

  /// Reads a recipe, refusing unknown keys and values out of range.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    recipe = try fields.required(.recipe, "'recipe: \(Self.version)' as the first line")
    guard recipe == Self.version else {
      throw fields.error(.recipe, "must be \(Self.version), found '\(recipe)'")
    }
    name = try fields.required(.name, "a short name for the results")
    title = try fields.value(.title, default: name)
    seed = try fields.value(.seed, default: 1)
    base = try fields.value(.base, default: Base())
    data = try fields.required(.data, "a section that says where examples come from")
    methods = try fields.value(
      .methods, default: base.isStatic ? Method.standardStatic : Method.standard)
    guard !methods.isEmpty else { throw fields.error(.methods, "must name at least one method") }
    guard Set(methods.map(\.name)).count == methods.count else {
      throw fields.error(.methods, "must have names that differ")
    }
    for (place, method) in methods.enumerated() {
      for member in method.members ?? [] {
        guard let other = methods[..<place].first(where: { $0.name == member }),
          other.members == nil, other.features == .base
        else {
          throw fields.error(
            .methods,
            "has '\(method.name)' with the member '\(member)': expected a method over the base's vectors that stands before it"
          )
        }
      }
    }
    if base.isStatic, let tuned = methods.first(where: { $0.tuning != nil }) {
      throw fields.error(
        .methods,
        "has '\(tuned.name)', which is tuned, but word vectors have no layers to tune; leave 'tuning' out, "
          + "or take an encoder such as e5-small as 'model'")
    }
    if base.gloss == nil,
      let glossed = methods.first(where: { $0.codeSwitching?.glossRate != nil })
    {
      throw fields.error(
        .methods,
        "has '\(glossed.name)', whose 'codeSwitch' says how much is glossed ('gloss'), but texts of 'base' are not; name dictionaries in 'gloss' of 'base' too"
      )
    }
    keep = try fields.value(.keep, default: methods.last?.name ?? "")
    guard methods.contains(where: { [keep] in $0.name == keep }) else {
      let names = methods.map(\.name).joined(separator: ", ")
      throw fields.error(.keep, "must be one of \(names), found '\(keep)'")
    }
    guard methods.first(where: { [keep] in $0.name == keep })?.features != .words else {
      throw fields.error(
        .keep,
        "must not be '\(keep)': a bag of words stands in the report to be compared with, and cannot be kept"
      )
    }
    evaluation = try fields.value(.evaluation, default: Evaluation())
  }
}

extension Recipe.Base {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, vectors, prefix, pooling, maximumLength
    case romanization = "romanize"
    case gloss
  }

  /// Multilingual E5 small, as it is meant to be used.
  public init() {
    model = "e5-small"
    vectors = nil
    prefix = .query
    pooling = .mean
    maximumLength = 512
    romanization = .none
    gloss = nil
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let standard = Self()
    let isTrained = fields.has(.vectors)
    model = try fields.value(.model, default: isTrained ? "vectors" : standard.model)
    vectors = try fields.value(.vectors)
    if model == "vectors" { vectors = vectors ?? Recipe.Vectors() }
    guard vectors == nil || model == "vectors" else {
      throw fields.error(
        .vectors, "is for 'model: vectors', which the recipe learns; found the model '\(model)'")
    }
    let isStatic = vectors != nil || BaseModels.staticDirectory(model) != nil
    prefix = try fields.choice(.prefix, default: isStatic ? .none : standard.prefix)
    guard !isStatic || prefix == .none else {
      throw fields.error(.prefix, "is for E5 models; word vectors take a text as it is")
    }
    pooling = try fields.choice(.pooling, default: standard.pooling)
    guard !isStatic || pooling == .mean else {
      throw fields.error(.pooling, "must be mean: word vectors know no first token")
    }
    maximumLength = try fields.value(
      .maximumLength,
      default: isStatic ? StaticEncoder.standardMaximumLength : standard.maximumLength,
      in: 3...100_000)
    romanization = try fields.value(.romanization, default: .none)
    guard !isStatic || romanization == .none else {
      throw fields.error(
        .romanization, "is for encoders with pieces; word vectors know words as they are written")
    }
    gloss = try fields.value(.gloss)
    if let gloss, !gloss.contains("{lang}") {
      throw fields.error(
        .gloss, "must have {lang} in it, as dictionaries/{lang}.txt; found '\(gloss)'")
    }
  }
}

extension Recipe.Data {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case importer = "import"
    case path, source, targets, text, label, train, development, test, limit, unlabelled
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    (importer, path) = try fields.origin(.importer, .path, requiresSplit: true)
    source = try fields.value(.source, default: "en")
    targets = try fields.value(.targets, default: [])
    text = try fields.value(.text, default: "text")
    label = try fields.value(.label, default: "label")
    train = try fields.value(.train, default: "train")
    development = try fields.value(.development, default: "dev")
    test = try fields.value(.test, default: "test")
    limit = try fields.value(.limit, default: 0, in: 0...Int.max)
    unlabelled = try fields.value(.unlabelled, default: 300, in: 0...Int.max)
  }
}

extension Recipe.Evaluation {
  enum CodingKeys: String, CodingKey, CaseIterable { case resamples, points }

  /// A thousand resamples and a picture of 1,500 points.
  public init() {
    resamples = 1000
    points = 1500
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let standard = Self()
    resamples = try fields.value(.resamples, default: standard.resamples, in: 100...1_000_000)
    points = try fields.value(.points, default: standard.points, in: 0...20_000)
  }
}

extension TuningConfiguration {
  /// What recipes call ways to tune.
  static let presets: [String: Self] = [
    "careful": .careful, "naive": .naive, "low-rank": .lowRank,
  ]

  /// The presets' names, for a sentence.
  static let presetNames = presets.keys.sorted().joined(separator: ", ")
}

/// The `tuning` section: a preset, and what differs from it.
struct TuningSection: Decodable {
  var configuration: TuningConfiguration

  enum CodingKeys: String, CodingKey, CaseIterable {
    case preset, layers, rank, epochs, batchSize, rate, layerDecay, headRate, warmup, weightDecay
    case startPull, clip, dropout, labelSmoothing, startsFromProbe, averaging, interpolation
    case patience, refitsHead, refitsOn, languageShift, maximumLength
    case balancesClasses = "balance"
  }

  init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let preset = try fields.value(.preset, default: "careful")
    guard var c = TuningConfiguration.presets[preset] else {
      throw fields.error(
        .preset, "must be \(TuningConfiguration.presetNames), found '\(preset)'")
    }
    if fields.has(.layers) { c.layers = try fields.value(.layers) }
    if let layers = c.layers, layers < 1 {
      throw fields.error(.layers, "must be at least 1, or null for all; found \(layers)")
    }
    if fields.has(.rank) { c.rank = try fields.value(.rank) }
    if let rank = c.rank, rank < 1 {
      throw fields.error(.rank, "must be at least 1, or null for all weights; found \(rank)")
    }
    c.epochs = try fields.value(.epochs, default: c.epochs, in: 1...1000)
    c.batchSize = try fields.value(.batchSize, default: c.batchSize, in: 1...4096)
    c.rate = try fields.value(.rate, default: c.rate, in: 0...1)
    c.layerDecay = try fields.value(.layerDecay, default: c.layerDecay, in: 0...1)
    c.headRate = try fields.value(.headRate, default: c.headRate, in: 0...1)
    c.warmup = try fields.value(.warmup, default: c.warmup, in: 0...1)
    c.weightDecay = try fields.value(.weightDecay, default: c.weightDecay, in: 0...10)
    c.startPull = try fields.value(.startPull, default: c.startPull, in: 0...1e6)
    c.clip = try fields.value(.clip, default: c.clip, in: 0...1e9)
    c.dropout = try fields.value(.dropout, default: c.dropout, in: 0...0.9)
    c.labelSmoothing = try fields.value(.labelSmoothing, default: c.labelSmoothing, in: 0...0.9)
    c.startsFromProbe = try fields.value(.startsFromProbe, default: c.startsFromProbe)
    c.averaging = try fields.value(.averaging, default: c.averaging, in: 0...1)
    c.interpolation = try fields.value(.interpolation, default: c.interpolation, in: 0...1)
    if fields.has(.maximumLength) { c.maximumLength = try fields.value(.maximumLength) }
    if let length = c.maximumLength, length < 4 {
      throw fields.error(.maximumLength, "must be at least 4, or null; found \(length)")
    }
    if fields.has(.patience) { c.patience = try fields.value(.patience) }
    if let patience = c.patience, patience < 1 {
      throw fields.error(.patience, "must be at least 1, or null; found \(patience)")
    }
    if c.patience != nil, c.averaging > 0 {
      throw fields.error(
        .patience,
        "and 'averaging' exclude each other: one goes back to the best weights, the other averages "
          + "the last")
    }
    if fields.has(.languageShift), c.layers == nil,
      try fields.value(.languageShift, default: 0.0) > 0
    {
      throw fields.error(
        .languageShift,
        "needs layers that stay as they are; give 'layers' a number, or leave it out")
    }
    c.refitsHead = try fields.value(.refitsHead, default: c.refitsHead)
    c.refitsOn = try fields.choice(.refitsOn, default: c.refitsOn)
    c.balancesClasses = try fields.value(.balancesClasses, default: c.balancesClasses)
    c.languageShift = try fields.value(.languageShift, default: c.languageShift, in: 0...1)
    configuration = c
  }
}

extension StrictFields {
  /// Where examples come from: an importer or a path, one of them.
  func origin(
    _ importer: Key, _ path: Key, requiresSplit: Bool
  ) throws -> (importer: String?, path: String?) {
    let found: (importer: String?, path: String?) = (try value(importer), try value(path))
    switch found {
    case (nil, nil):
      throw error(path, "is missing; expected 'path' or 'import' to say where examples are")
    case (_?, _?):
      throw error(path, "and 'import' cannot both be given; choose one")
    case (nil, let text?)
    where !text.contains("{lang}") || requiresSplit && !text.contains("{split}"):
      let places = requiresSplit ? "{lang} and {split}" : "{lang}"
      throw error(
        path, "must have \(places) in it, as in data/{lang}/{split}.tsv; found '\(text)'")
    default: return found
    }
  }

  /// A field whose value is one of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: Key, default fallback: Choice
  ) throws -> Choice where Choice.RawValue == String {
    let word = try value(key, default: fallback.rawValue)
    guard let choice = Choice(rawValue: word) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error(key, "must be one of \(words), found '\(word)'")
    }
    return choice
  }
}
