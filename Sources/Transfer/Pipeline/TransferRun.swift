// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics
import Tasks
import Torch
import Transformers

/// Carries a recipe out, stage by stage, into an output folder.
///
/// | what | where |
/// |---|---|
/// | the recipe, all defaults filled in | `recipe.yaml` |
/// | imported data, with its manifest | `data/` |
/// | word vectors that were learnt, where the recipe says so | `encoder/` |
/// | which languages are read in Latin letters, where that is found out | `reading/` |
/// | the base's vectors | `features/` |
/// | each method's head, predictions and vectors | `methods/<name>/` |
/// | the model that is kept | `model/` |
/// | numbers | `results.json` |
/// | evidence for people | `report.html` |
///
/// Runs on the compute thread. A stage that is there already, made from the same inputs, is not run again.
public struct TransferRun {
  /// What a run came to.
  public struct Summary: Sendable {
    /// Each method's scores, in the recipe's order.
    public var methods: [MethodEvidence]
    /// What the kept method gains over each bag of words, language by language.
    public var comparisons: [MethodComparison]
    /// The method that was kept.
    public var kept: String
    /// The model's folder.
    public var model: URL
    /// The report.
    public var report: URL
  }

  let recipe: Recipe
  let output: URL
  let log: (String) -> Void

  /// A run of a recipe; `log` is told of progress, a line at a time.
  public init(_ recipe: Recipe, output: URL, log: @escaping (String) -> Void = { _ in }) {
    self.recipe = recipe
    self.output = output
    self.log = log
  }

  /// The stages in their order, one line each.
  public var plan: [String] {
    let reading: String? =
      switch recipe.base.romanization {
      case .none: nil
      case .auto: "reading: find out which languages are read better in Latin letters"
      case .languages(let languages):
        "reading: \(languages.joined(separator: ", ")) in Latin letters"
      }
    let gloss = recipe.base.gloss.map { ", glosses by \($0) behind texts" } ?? ""
    let data =
      recipe.data.importer.map { "import \($0)" } ?? "read \(recipe.data.path ?? "")"
    let encoder = recipe.base.vectors.map {
      "encoder: word vectors of \($0.dimension) numbers, \($0.epochs) epochs"
    }
    return ["data: \(data), source \(recipe.data.source)"] + [encoder].compactMap(\.self)
      + [reading].compactMap(\.self) + ["features: \(recipe.base.model)\(gloss)"]
      + recipe.methods.map { method in
        if let members = method.members {
          return "methods/\(method.name): \(members.joined(separator: ", ")) together"
        }
        guard method.features == .base else { return "methods/\(method.name): bag of words" }
        let tuning = method.tuning.map { "tune \($0.summary)" }
        let switched = method.codeSwitching == nil ? "" : ", with code-switched text"
        return
          "methods/\(method.name): \(tuning ?? "frozen"), center \(method.center.rawValue)\(switched)"
      } + ["model: \(recipe.keep)", "results.json", "report.html"]
  }

  /// Runs what has not been run.
  public func execute() throws -> Summary {
    try RunFolder(output).begin(try recipe.yaml())
    var spending = Spending(output)
    let runner = StageRunner(root: output) { stage, isThere in
      log(isThere ? "\(stage): there already" : "\(stage):")
    }
    let pattern = try spending.measure("data", by: runner) { try taskFiles(runner) }
    var data = try TaskData(recipe.data, pattern: pattern)
    log(
      "\(data.train.texts.count) labelled examples in '\(data.train.language)', \(data.labels.count) "
        + "classes, \(data.test.count) languages to measure")
    let dictionaries = try dictionaries(data)
    let base = try spending.measure("encoder", by: runner) { try baseDirectory(data, runner) }
    let tuned = recipe.methods.first { $0.tuning != nil }
    guard tuned == nil || !SentenceEncoders.isStatic(base) else {
      throw RecipeError(
        .value,
        "method '\(tuned?.name ?? "")' is tuned, but word vectors have no layers to tune; leave 'tuning' out",
        at: base.path)
    }
    let baseHash = try FileDigest.sha256(ofFolder: base, where: SentenceEncoders.reads)
    var meter = ProgressMeter(log)
    data.reading =
      recipe.base.romanization == .auto
      ? try spending.measure("reading", by: runner) {
        try reading(data, base, baseHash, runner, &meter)
      } : try reading(data, base, baseHash, runner, &meter)

    let featureManifest = try StageManifest(
      stage: "features", version: 3, configuration: recipe.base, seed: 0,
      inputs: inputs(of: data.reading).merging(
        ["data": data.identity, "base": baseHash], uniquingKeysWith: { _, own in own }))
    let features = try spending.measure("features", by: runner) {
      let folder = try runner.run("features", featureManifest) { folder in
        meter.name("features")
        let encoder = try makeEncoder(base)
        try FeatureSet(data, encoder, progress: &meter)
          .write(to: folder.appendingPathComponent("vectors.safetensors"))
      }
      return try FeatureSet(contentsOf: folder.appendingPathComponent("vectors.safetensors"))
    }

    var evidence: [MethodEvidence] = []
    var artifacts: [String: MethodArtifacts] = [:]
    var manifests: [String: StageManifest] = [:]
    var switched = SwitchedTextCache()
    for method in recipe.methods {
      var inputs = ["features": featureManifest.identity]
      inputs.merge(dictionaries[method.name] ?? [:]) { first, _ in first }
      for member in method.members ?? [] {
        inputs["member.\(member)"] = manifests[member]?.identity
      }
      let manifest = try StageManifest(
        stage: "method", version: 1,
        configuration: MethodKey(method, isKept: recipe.keptMethods.contains(method)),
        seed: method.seed ?? recipe.seed, inputs: inputs)
      manifests[method.name] = manifest
      let result = try spending.measure("methods/\(method.name)", by: runner) {
        let folder = try runner.run("methods/\(method.name)", manifest) { folder in
          meter.name(method.name)
          if let members = method.members {
            return try MethodArtifacts(together: members.compactMap { artifacts[$0] })
              .write(to: folder)
          }
          try train(method, data, features, &switched, base, folder, &meter)
        }
        return try MethodArtifacts(contentsOf: folder)
      }
      artifacts[method.name] = result
      evidence.append(try measure(method, result, data))
    }

    let card = ModelCard(
      recipe: recipe, data: data, evidence: evidence.first { $0.method == recipe.keep }
    ).text
    let modelManifest = try StageManifest(
      stage: "model", version: 2, configuration: card, seed: 0,
      inputs: ["method": manifests[recipe.keep]?.identity ?? "", "base": baseHash])
    let model = try spending.measure("model", by: runner) {
      try runner.run("model", modelManifest) { folder in
        try writeModel(artifacts, data, base, card, to: folder)
      }
    }
    let comparisons = try compare(artifacts, data)
    try writeResults(evidence, comparisons)
    let report = output.appendingPathComponent("report.html")
    try ReportBuilder(
      recipe: recipe, data: data, evidence: evidence, artifacts: artifacts, spending: spending,
      output: output, comparisons: comparisons
    ).report().write(to: report)
    return Summary(
      methods: evidence, comparisons: comparisons, kept: recipe.keep, model: model, report: report)
  }

  // MARK: Stages

  /// For each method a hash of every dictionary that it reads: what is missing is said before anything long begins.
  private func dictionaries(_ data: TaskData) throws -> [String: [String: String]] {
    let targets = data.test.dropFirst().map(\.language)
    var result: [String: [String: String]] = [:]
    for method in recipe.methods {
      result[method.name] = try method.codeSwitching?.inputs(among: targets)
    }
    return result
  }

  func makeEncoder(_ directory: URL) throws -> any SentenceEncoder {
    try SentenceEncoders.open(
      directory, prefix: recipe.base.prefix, pooling: recipe.base.pooling,
      maximumLength: recipe.base.maximumLength)
  }

  private func train(
    _ method: Recipe.Method, _ data: TaskData, _ features: FeatureSet,
    _ switched: inout SwitchedTextCache, _ base: URL, _ folder: URL, _ meter: inout ProgressMeter
  ) throws {
    guard method.features == .base else {
      let artifacts = try WordsTrainer(method: method, data: data).train { meter.note($0) }
      return try artifacts.write(to: folder)
    }
    let trainer = ClassifierTrainer(
      method: method, data: data,
      switched: try method.codeSwitching.map {
        try switched.features($0, data, seed: recipe.seed, &meter) { try makeEncoder(base) }
      }, seed: method.seed ?? recipe.seed)
    guard method.words == 0 else {
      let encoder = try makeEncoder(base)
      return try MethodArtifacts(trainer.probe(features, beside: encoder)).write(to: folder)
    }
    guard let tuning = method.tuning else {
      return try MethodArtifacts(trainer.probe(features)).write(to: folder)
    }
    guard let encoder = try makeEncoder(base) as? TextEncoder else {
      throw RecipeError(.value, "method '\(method.name)' cannot be tuned on word vectors")
    }
    let result = try trainer.tune(encoder, tuning, base: features, progress: &meter)
    try MethodArtifacts(result).write(to: folder)
    guard recipe.keptMethods.contains(method) else { return }
    try SafetensorsFile.write(
      encoder.parameters.parameters.map { ($0.name, $0.tensor) },
      to: folder.appendingPathComponent(Self.encoderFile))
  }

  static let encoderFile = "encoder.safetensors"

  private func measure(
    _ method: Recipe.Method, _ artifacts: MethodArtifacts, _ data: TaskData
  ) throws -> MethodEvidence {
    let bootstrap = try Bootstrap(resamples: recipe.evaluation.resamples, seed: recipe.seed)
    let languages = try data.test.map { examples in
      guard let probabilities = artifacts.probabilities[examples.language] else {
        throw RecipeError(.data, "no predictions of '\(examples.language)' were kept")
      }
      return try LanguageScores(
        examples.outcomes(probabilities), classCount: data.labels.count, bootstrap: bootstrap)
    }
    return MethodEvidence(method: method.name, languages: languages)
  }
}

/// The library as a whole.
public enum Koine {
  /// The version.
  public static let version = "0.1.0"
}

/// Switched text under the base, which methods that say the same share.
private struct SwitchedTextCache {
  private var kept: (section: CodeSwitchSection, features: SwitchedFeatures)?

  mutating func features(
    _ section: CodeSwitchSection, _ data: TaskData, seed: UInt64, _ meter: inout ProgressMeter,
    encoder: () throws -> any SentenceEncoder
  ) throws -> SwitchedFeatures {
    if let kept, kept.section == section { return kept.features }
    let texts = try data.switched(section, seed: seed)
    guard !texts.isEmpty else {
      throw RecipeError(
        .data,
        "the dictionaries replace no word of the source's texts: expected lines of a word in '\(data.train.language)' and its "
          + "translation, with a tab between", at: section.dictionaries)
    }
    meter.note(
      "\(texts.reduce(0) { $0 + $1.texts.count }) texts in other languages' words, of \(texts.count) languages"
    )
    let features = try SwitchedFeatures(texts, encoder(), progress: &meter)
    kept = (section, features)
    return features
  }
}

/// What a method's stage depends on: its settings, and whether its encoder is written out.
private struct MethodKey: Encodable {
  var method: Recipe.Method
  var isKept: Bool

  init(_ method: Recipe.Method, isKept: Bool) {
    self.method = method
    self.isKept = isKept && method.tuning != nil
  }
}
