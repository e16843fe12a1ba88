// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics
import Tasks
import Torch
import Training
import Transformers

/// Carries a task's recipe out, stage by stage, into an output folder.
///
/// | what | where |
/// |---|---|
/// | the recipe, all defaults filled in | `recipe.yaml` |
/// | imported data, with its manifest | `data/` |
/// | each method's scores and mistakes | `methods/NAME/` |
/// | checkpoints of the training that is under way | `checkpoints/` |
/// | the model that is kept | `model/` |
/// | numbers | `results.json` |
/// | evidence for people | `report.html` |
///
/// Runs on the compute thread. A stage that is there already, made from the same inputs, is not run again; a training that was
/// interrupted goes on from its last checkpoint.
public struct TaskRun {
  /// What a run came to.
  public struct Summary: Sendable {
    /// Each method's scores, in the recipe's order.
    public var methods: [TaskEvidence]
    /// What each method is worth over the one that they are compared with.
    public var gains: [MethodGain]
    /// The adapters below the kept method's answers in other languages, with `{lang}` where each has its own.
    public var below: [String]
    /// The method that was kept.
    public var kept: String
    /// The model's folder.
    public var model: URL
    /// The report.
    public var report: URL
  }

  let recipe: TaskRecipe
  let output: URL
  let log: (String) -> Void

  /// A run of a recipe; `log` is told of progress, a line at a time.
  public init(_ recipe: TaskRecipe, output: URL, log: @escaping (String) -> Void = { _ in }) {
    (self.recipe, self.output, self.log) = (recipe, output, log)
  }

  /// The stages in their order, one line each.
  public var plan: [String] {
    let data = recipe.data.importer.map { "import \($0)" } ?? "read \(recipe.data.path ?? "")"
    let named = Set(recipe.methods.compactMap(\.alignment))
    return ["data: \(data), source \(recipe.data.source)"]
      + recipe.alignments.filter { named.contains($0.name) }.map {
        "alignments/\($0.name): \($0.choice.summary), "
          + ($0.stages.count == 1 ? "1 stage" : "\($0.stages.count) stages")
      }
      + recipe.methods.map {
        "methods/\($0.name): \(recipe.task.kind.rawValue), \($0.choice.summary), "
          + ($0.plan.steps.map { "\($0) steps" } ?? "\($0.plan.epochs) epochs")
      } + ["model: \(recipe.keep)", "results.json", "report.html"]
  }

  /// Runs what has not been run.
  public func execute() throws -> Summary { try execute(recipe.task.kind.task) }

  private func execute<Task: FileTask>(_ type: Task.Type) throws -> Summary {
    try RunFolder(output).begin(try recipe.yaml())
    var spending = Spending(output)
    let runner = StageRunner(root: output) { stage, isThere in
      log(isThere ? "\(stage): there already" : "\(stage):")
    }
    let pattern = try spending.measure("data", by: runner) {
      try RunFolder.files(
        importer: recipe.data.importer, path: recipe.data.path, seed: recipe.seed,
        requiresSplit: false, runner, log)
    }
    let data = try TaskRunData<Task>(recipe.data, pattern: pattern)
    let taught = try recipe.methods.map { try data.inputs($0.teaching) }
    let agreeing = try recipe.methods.map { method in
      try method.agreement.map {
        try RecipePairs(data, $0.pairs, $0.codeSwitching, seed: recipe.seed)
      }
    }
    log(
      "\(data.train.count) labelled examples in '\(recipe.data.source)', \(data.test.count) languages to measure"
    )
    let base = try BaseModels.directory(recipe.base.model, progress: log)
    let inputs = [
      "data": data.identity,
      "base": try FileDigest.sha256(ofFolder: base, where: SentenceEncoders.reads),
    ]
    let alignments = try align(data, inputs, runner, &spending)
    var evidence: [TaskEvidence] = []
    let methods = recipe.methods.map { placed($0, alignments) }
    for (index, (method, taught)) in zip(methods, taught).enumerated() {
      let agreeing = agreeing[index]
      let settings = MethodKey(
        settings: recipe.settings(method), below: method.below,
        resamples: recipe.evaluation.resamples, search: method.search,
        isKept: method.name == recipe.keep, draws: method.draws,
        shots: method.teaching.shots, alignment: method.alignment,
        sources: method.teaching.sources,
        switching: method.teaching.codeSwitching, agreement: method.agreement)
      var inputs = inputs
      for language in method.below.isEmpty
        ? [] : Set([recipe.data.source] + data.test.map(\.language))
      {
        inputs["below.\(language)"] = try method.below(language, source: recipe.data.source)
          .digest()
      }
      inputs.merge(taught) { first, _ in first }
      for (name, hash) in agreeing?.inputs() ?? [:] { inputs["agree.\(name)"] = hash }
      let manifest = try StageManifest(
        stage: "task-method", version: 2, configuration: settings, seed: recipe.seed,
        inputs: inputs)
      let folder = try spending.measure("methods/\(method.name)", by: runner) {
        try runner.run("methods/\(method.name)", manifest) { folder in
          try run(method, data, agreeing?.pairs ?? [], manifest.identity, to: folder)
        }
      }
      evidence.append(
        try JSONDecoder().decode(
          TaskEvidence.self, from: Data(contentsOf: folder.appendingPathComponent(Self.scoresFile)))
      )
    }
    try? FileManager.default.removeItem(at: checkpoints)
    let below = methods.first { $0.name == recipe.keep }?.below ?? []
    let model = try keptModel(evidence, inputs, below, runner)
    let gains = try MethodGain.all(
      evidence, over: recipe.evaluation.reference ?? recipe.methods[0].name,
      source: recipe.data.source, seed: recipe.seed)
    try writeResults(evidence, gains)
    let report = output.appendingPathComponent("report.html")
    try TaskReportBuilder(
      recipe: recipe, evidence: evidence, gains: gains, spending: spending, output: output,
      identity: data.identity, trainCount: data.train.count
    ).report().write(to: report)
    return Summary(
      methods: evidence, gains: gains, below: below, kept: recipe.keep, model: model, report: report
    )
  }

  /// What a method depends on.
  private struct MethodKey: Encodable {
    let settings: TaskTraining.Settings
    let below: [String]
    let resamples: Int
    let search: TaskTraining.Search?
    let isKept: Bool
    let draws, shots: Int
    let alignment: String?
    let sources: [String]
    let switching: CodeSwitchSection?
    let agreement: AgreementSection?
  }

  static let scoresFile = "scores.json"
  var checkpoints: URL { output.appendingPathComponent("checkpoints") }

  /// Tunes, predicts, and measures only then.
  private func run<Task: FileTask>(
    _ method: TaskRecipe.Method, _ data: TaskRunData<Task>, _ agreeing: [AlignmentPair],
    _ identity: String, to folder: URL
  ) throws {
    let note = { (line: String) in log("\(method.name): \(line)") }
    var settings = recipe.settings(method)
    if let search = method.search {
      guard let development = data.development else {
        throw RecipeError(
          .data,
          "method '\(method.name)' searches, but the source has no development split; name one, or leave 'search' out"
        )
      }
      settings = try withoutActuallyEscaping(note) {
        try TaskTraining.search(
          search, Task.self, data.train, development: development,
          agreeing: agreeing.map { ($0.source, $0.target) }, from: settings, log: $0)
      }
    }
    let place = checkpoints.appendingPathComponent(String(identity.prefix(16)))
    let bootstrap = try Bootstrap(resamples: recipe.evaluation.resamples, seed: recipe.seed)
    var draws: [TaskDraw] = []
    for number in 0..<method.draws {
      let file = place.appendingPathComponent("draw-\(number).json")
      if let done = try? Data(contentsOf: file) {
        draws.append(try JSONDecoder().decode(TaskDraw.self, from: done))
        continue
      }
      settings.plan.seed = recipe.settings(method, draw: number).plan.seed
      let training = TaskTraining(settings, log: note)
      let examples = try data.examples(method.teaching, seed: settings.plan.seed, log: note)
      let result = try training.train(
        Task.self, examples, development: data.development,
        agreeing: agreeing.map { ($0.source, $0.target) },
        checkpoints: place.appendingPathComponent("training-\(number)"))
      let draw = try measure(result, method, data, settings.plan.seed, bootstrap)
      if number == 0, method.name == recipe.keep {
        let model = place.appendingPathComponent("model")
        try? FileManager.default.removeItem(at: model)
        try training.write(result, source: recipe.data.source, to: model)
      }
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try JSONEncoder().encode(draw).write(to: file, options: .atomic)
      draws.append(draw)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(TaskDraw.merged(draws, bootstrap)).write(
      to: folder.appendingPathComponent(Self.scoresFile))
    guard method.name == recipe.keep else { return }
    try FileManager.default.moveItem(
      at: place.appendingPathComponent("model"), to: folder.appendingPathComponent("model"))
  }

  /// Predicts in every language, and measures only then.
  private func measure<Task: FileTask>(
    _ result: TaskTraining.Result<Task>, _ method: TaskRecipe.Method, _ data: TaskRunData<Task>,
    _ seed: UInt64, _ bootstrap: Bootstrap
  ) throws -> TaskDraw {
    var draw = TaskDraw(
      seed: seed,
      evidence: TaskEvidence(
        method: method.name, parameterCount: result.movingParameterCount,
        steps: result.course?.steps ?? 0, tokenCount: result.tokenCount, languages: [],
        mistakes: []), shares: [])
    for examples in data.test {
      let predictor = try predictor(result, method, examples.language)
      let predictions = try predictor.predict(examples.inputs)
      let measurement = try TaskMeasurement(examples, predictions, predictor.task, bootstrap)
      let gold = try examples.opened(by: predictions)
      draw.evidence.languages.append(measurement)
      draw.shares.append(
        try predictor.task.shares(predictions, gold: gold)?.map(TaskDraw.Share.init))
      draw.evidence.mistakes += predictor.task.mistakes(
        predictions, gold: gold, inputs: examples.inputs
      ).sorted { ($1.confidence, $0.text) < ($0.confidence, $1.text) }
        .prefix(TaskEvidence.mistakeLimit).map {
          .init(
            language: examples.language, text: $0.text, gold: $0.gold, predicted: $0.predicted,
            confidence: $0.confidence)
        }
      log(
        "\(method.name): \(examples.language) \(measurement.scores.first?.metric ?? "") "
          + String(format: "%.4f", measurement.value))
    }
    return draw
  }

  /// The trained predictor, with a language's own adapters below where there are such.
  private func predictor<Task: FileTask>(
    _ result: TaskTraining.Result<Task>, _ method: TaskRecipe.Method, _ language: String
  ) throws -> TaskPredictor<Task> {
    let isShared = method.below.allSatisfy { !$0.contains("{lang}") }
    guard language != recipe.data.source, !method.below.isEmpty,
      !(isShared && method.sourceHasAdapter)
    else { return result.predictor }
    let own = try method.below(language, source: recipe.data.source).opened(for: result.base)
    let adapters = own + result.adapters.dropFirst(method.sourceHasAdapter ? own.count : 0)
    let body = try result.base.encoder.packed().adapted(
      by: .stack(adapters.map { .single($0) }))
    return TaskPredictor(
      result.predictor.task, body, result.predictor.head, result.predictor.rows)
  }

  /// The kept method's model, with its card.
  private func keptModel(
    _ evidence: [TaskEvidence], _ inputs: [String: String], _ below: [String],
    _ runner: StageRunner
  ) throws -> URL {
    // Paths of the run's own adapters are those from its folder.
    let root = output.path + "/"
    let names = below.map { $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0 }
    let card = TaskCard(recipe: recipe, evidence: evidence, below: names).text
    let source = output.appendingPathComponent("methods/\(recipe.keep)")
    var inputs = inputs
    inputs["method"] = try FileDigest.sha256(of: source.appendingPathComponent("manifest.json"))
    let manifest = try StageManifest(
      stage: "task-model", version: 1, configuration: card, seed: 0, inputs: inputs)
    return try runner.run("model", manifest) { folder in
      let files = source.appendingPathComponent("model")
      for name in try FileManager.default.contentsOfDirectory(atPath: files.path).sorted() {
        try FileManager.default.copyItem(
          at: files.appendingPathComponent(name), to: folder.appendingPathComponent(name))
      }
      try Data(card.utf8).write(to: folder.appendingPathComponent("README.md"))
    }
  }

  private func writeResults(_ evidence: [TaskEvidence], _ gains: [MethodGain]) throws {
    let rows = evidence.flatMap { method in
      method.languages.flatMap { part in
        part.scores.enumerated().map { index, score in
          ResultRow(
            task: recipe.name, language: part.language, split: recipe.data.test, n: part.count,
            metric: score.metric, value: score.value, interval: index == 0 ? part.interval : nil,
            method: method.method)
        }
      }
    }
    let metric = evidence.first?.languages.first?.scores.first?.metric ?? "score"
    try ResultsDocument(
      header: .init(
        recipe: "\(recipe.name) (\(recipe.recipe))", seed: recipe.seed,
        versions: ["koine": Koine.version, "libtorch": Engine.version]),
      rows: rows + gains.map { $0.row(task: recipe.name, split: recipe.data.test, metric: metric) },
      sourceLanguage: recipe.data.source
    ).write(to: output.appendingPathComponent("results.json"))
  }
}
