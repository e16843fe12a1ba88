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
    let data =
      recipe.data.importer.map { "import \($0)" } ?? "read \(recipe.data.path ?? "")"
    return ["data: \(data), source \(recipe.data.source)", "features: \(recipe.base.model)"]
      + recipe.methods.map { method in
        let tuning = method.tuning.map {
          "tune " + ($0.layers.map { "the last \($0) layers" } ?? "everything")
        }
        return "methods/\(method.name): \(tuning ?? "frozen"), center \(method.center.rawValue)"
      } + ["model: \(recipe.keep)", "results.json", "report.html"]
  }

  /// Runs what has not been run.
  public func execute() throws -> Summary {
    try makeOutput()
    var spending = Spending(output)
    let runner = StageRunner(root: output) { stage, isThere in
      log(isThere ? "\(stage): there already" : "\(stage):")
    }
    let pattern = try spending.measure("data", by: runner) { try taskFiles(runner) }
    let data = try TaskData(recipe.data, pattern: pattern)
    log(
      "\(data.train.texts.count) labelled examples in '\(data.train.language)', \(data.labels.count) "
        + "classes, \(data.test.count) languages to measure")
    let base = try BaseModels.directory(recipe.base.model, progress: log)
    let baseHash = try FileDigest.sha256(ofFolder: base, where: TextEncoder.reads)
    var meter = ProgressMeter(log)

    let featureManifest = try StageManifest(
      stage: "features", version: 2, configuration: recipe.base, seed: 0,
      inputs: ["data": data.identity, "base": baseHash])
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
    var keptManifest = featureManifest
    for method in recipe.methods {
      let manifest = try StageManifest(
        stage: "method", version: 1,
        configuration: MethodKey(method, isKept: method.name == recipe.keep),
        seed: recipe.seed, inputs: ["features": featureManifest.identity])
      if method.name == recipe.keep { keptManifest = manifest }
      let result = try spending.measure("methods/\(method.name)", by: runner) {
        let folder = try runner.run("methods/\(method.name)", manifest) { folder in
          meter.name(method.name)
          try train(method, data, features, base, folder, &meter)
        }
        return try MethodArtifacts(contentsOf: folder)
      }
      artifacts[method.name] = result
      evidence.append(try measure(method, result, data))
    }

    let kept = artifacts[recipe.keep]
    let card = ModelCard(
      recipe: recipe, data: data, evidence: evidence.first { $0.method == recipe.keep }
    ).text
    let modelManifest = try StageManifest(
      stage: "model", version: 2, configuration: card, seed: 0,
      inputs: ["method": keptManifest.identity, "base": baseHash])
    let model = try spending.measure("model", by: runner) {
      try runner.run("model", modelManifest) { folder in
        guard let kept else { throw RecipeError(.data, "no method '\(recipe.keep)' was run") }
        try writeModel(kept, data, base, card, to: folder)
      }
    }
    try writeResults(evidence)
    let report = output.appendingPathComponent("report.html")
    try ReportBuilder(
      recipe: recipe, data: data, evidence: evidence, artifacts: artifacts, spending: spending,
      output: output
    ).report().write(to: report)
    return Summary(methods: evidence, kept: recipe.keep, model: model, report: report)
  }

  // MARK: Stages

  private func makeOutput() throws {
    do {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
      let file = output.appendingPathComponent("recipe.yaml")
      let text = Data(try recipe.yaml().utf8)
      // Results of another recipe must not stand beside this one if it fails.
      if let old = try? Data(contentsOf: file), old != text {
        for name in ["results.json", "report.html"] {
          try? FileManager.default.removeItem(at: output.appendingPathComponent(name))
        }
      }
      try text.write(to: file, options: .atomic)
    } catch {
      throw RecipeError(
        .file, "the output folder cannot be written: \(error.localizedDescription)",
        at: output.path)
    }
  }

  private func taskFiles(_ runner: StageRunner) throws -> CorpusPattern {
    guard let name = recipe.data.importer else {
      return try CorpusPattern(recipe.data.path ?? "")
    }
    let importer = try Importers.named(name, seed: recipe.seed)
    let manifest = try StageManifest(
      stage: "data", version: 1, configuration: importer.parameters, seed: recipe.seed,
      inputs: ["importer": name])
    let folder = try runner.run("data", manifest) { folder in
      try importer.importData(to: folder) { log("data: \($0)") }
    }
    return try CorpusPattern("\(folder.path)/{lang}/{split}.tsv")
  }

  private func makeEncoder(_ directory: URL) throws -> TextEncoder {
    try TextEncoder(
      directory: directory, prefix: recipe.base.prefix, pooling: recipe.base.pooling,
      maximumLength: recipe.base.maximumLength)
  }

  private func train(
    _ method: Recipe.Method, _ data: TaskData, _ features: FeatureSet, _ base: URL,
    _ folder: URL, _ meter: inout ProgressMeter
  ) throws {
    let trainer = ClassifierTrainer(method: method, data: data, seed: recipe.seed)
    guard let tuning = method.tuning else {
      return try MethodArtifacts(trainer.probe(features)).write(to: folder)
    }
    let encoder = try makeEncoder(base)
    let result = try trainer.tune(encoder, tuning, base: features, progress: &meter)
    try MethodArtifacts(result).write(to: folder)
    guard method.name == recipe.keep else { return }
    try SafetensorsFile.write(
      encoder.parameters.parameters.map { ($0.name, $0.tensor) },
      to: folder.appendingPathComponent(Self.encoderFile))
  }

  private static let encoderFile = "encoder.safetensors"

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

  private func writeModel(
    _ kept: MethodArtifacts, _ data: TaskData, _ base: URL, _ card: String, to folder: URL
  ) throws {
    let files = FileManager.default
    let method = recipe.methods.first { $0.name == recipe.keep }
    for name in ["config.json"] + BaseModels.companions {
      let source = base.appendingPathComponent(name)
      guard files.fileExists(atPath: source.path) else { continue }
      try files.copyItem(at: source, to: folder.appendingPathComponent(name))
    }
    try writeWeights(
      base, isTuned: method?.tuning != nil, to: folder.appendingPathComponent("model.safetensors"))
    try TextClassifier.write(
      TextClassifier.Description(
        name: recipe.name, labels: data.labels, source: data.train.language,
        languages: data.test.map(\.language), prefix: recipe.base.prefix,
        pooling: recipe.base.pooling, maximumLength: recipe.base.maximumLength,
        centersLanguages: method?.center != Recipe.Centering.none),
      head: kept.head, centers: kept.centers, to: folder)
    try Data(card.utf8).write(
      to: folder.appendingPathComponent("README.md"), options: .atomic)
  }

  /// The kept method's weights in one file, whether the base has one or shards.
  private func writeWeights(_ base: URL, isTuned: Bool, to file: URL) throws {
    let tuned = output.appendingPathComponent("methods/\(recipe.keep)/\(Self.encoderFile)")
    let weights = isTuned ? tuned : base.appendingPathComponent("model.safetensors")
    if FileManager.default.fileExists(atPath: weights.path) {
      return try FileManager.default.copyItem(at: weights, to: file)
    }
    try SafetensorsFile.write(
      makeEncoder(base).parameters.parameters.map { ($0.name, $0.tensor) }, to: file)
  }

  private func writeResults(_ evidence: [MethodEvidence]) throws {
    let rows = evidence.flatMap { method in
      method.languages.flatMap {
        $0.rows(task: recipe.name, split: recipe.data.test, method: method.method)
      }
    }
    try ResultsDocument(
      header: .init(
        recipe: "\(recipe.name) (\(recipe.recipe))", seed: recipe.seed,
        versions: ["koine": Koine.version, "libtorch": Engine.version]),
      rows: rows, sourceLanguage: recipe.data.source
    ).write(to: output.appendingPathComponent("results.json"))
  }
}

/// The library as a whole.
public enum Koine {
  /// The version.
  public static let version = "0.1.0"
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
