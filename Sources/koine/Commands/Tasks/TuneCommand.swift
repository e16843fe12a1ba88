// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Training
import Transfer
import Transformers

struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Tune a model for a task: classification, tagging, answering, retrieval and others.",
    discussion: """
      \(forms)

      The output folder gets the head, the adapter, and model.json, which names the base that they belong to;
      where the base itself is tuned, or with --self-contained, the base too. A tuning that is interrupted goes
      on from its last checkpoint when the same line is run again, and ends with the same bytes.

      Examples:
        koine tune tagging --train en_ewt-ud-train.conllu --output out/tagger
        koine tune classification --train en.tsv --development en-dev.tsv --patience 2 --output out/topics
        koine tune answering --train train-v1.1.json --method full --epochs 2 --batch-size 16 --output out/qa
        koine tune retrieval --train en-de.en --passages en-de.de --symmetric --output out/retriever
        koine tune tagging --train en.conllu --agree catalogues/de.tsv=de --output out/tagger
        koine predict out/tagger sentences.conllu
        koine evaluate out/tagger de_gsd-ud-test.conllu
      """)

  static let forms: String = {
    let lines = TaskKind.allCases.map {
      "  \($0.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0))\($0.task.fileForm)"
    }
    return "Tasks and their files:\n" + lines.joined(separator: "\n")
  }()

  @Argument(
    help: ArgumentHelp(
      "classification, regression, tagging, answering, similarity, retrieval or reranking.",
      valueName: "task"))
  var task: TaskKind

  @Option(help: ArgumentHelp("Labelled examples to learn from.", valueName: "file"))
  var train: String

  @Option(
    help: ArgumentHelp(
      "Labelled examples to stop by, of the same language; for retrieval a table.",
      valueName: "file"))
  var development: String?

  @Option(help: ArgumentHelp("The folder for the tuned model.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    help: ArgumentHelp(
      "The most tokens of a row; by default as many as the base takes.", valueName: "count"))
  var maximumLength: Int?

  @Option(
    help: ArgumentHelp(
      "What precedes texts: query, passage or none; E5 models want query.", valueName: "prefix"))
  var prefix = TextPrefix.query

  @Option(help: ArgumentHelp("How tokens become one vector: mean, first or max.", valueName: "how"))
  var pooling = Pooling.mean

  @Flag(help: "Learn from translations: passages look for their queries too.")
  var symmetric = false

  @Flag(help: "Put the base into the folder although it was not changed.")
  var selfContained = false

  @Flag(help: "Write what was done as JSON to standard output.")
  var json = false

  @OptionGroup(title: "Files") var files: TaskLayoutOptions
  @OptionGroup(title: "Tuning") var tuning: TuningOptions
  @OptionGroup var engine: EngineOptions

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.tune(command.task.task) }
  }

  private func tune<Task: FileTask>(_ type: Task.Type) throws {
    var settings = TaskTraining.Settings()
    settings.base = base
    settings.maximumLength = maximumLength
    settings.options.prefix = prefix
    settings.options.pooling = pooling
    settings.options.isSymmetric = symmetric
    settings.choice = tuning.choice
    settings.plan = tuning.plan(for: task)
    settings.labelSmoothing = tuning.labelSmoothing
    settings.balancesClasses = tuning.balance
    settings.below = tuning.moving.below
    settings.agreement = tuning.agreement ?? settings.agreement
    guard tuning.course.patience == nil && tuning.search == nil || development != nil else {
      throw ValidationError("--patience and --search need --development, a file to judge by")
    }
    let examples = try Task.examples(train, files.layout)
    var developmentLayout = files.layout
    if development != nil { developmentLayout.passages = nil }
    let others = try development.map { try Task.examples($0, developmentLayout).map(\.example) }
    guard tuning.agree.isEmpty || self.task.agrees else {
      throw ValidationError(
        "--agree is for classification and tagging, whose answers are classes; leave it out of \(self.task.rawValue)"
      )
    }
    let pairs = try tuning.agree.map { text in
      do { return try PairSource(text) } catch { throw ValidationError("\(error)") }
    }
    let folder = URL(fileURLWithPath: output)
    try TaskModel.check(place: folder)
    let checkpoints = try CheckpointFolder(
      beside: folder, task.rawValue, base: base, [settings, files.layout],
      files: [
        ("train", [train]), ("development", [development].compactMap(\.self)),
        ("passages", [files.passages].compactMap(\.self)),
      ] + pairs.map { ("agree \($0.language ?? "")", $0.files) },
      below: LowerAdapters(settings.below))
    let agreeing = try pairs.flatMap { try $0.texts().map { ($0.source, $0.target) } }
    let start = Date()
    if let trials = tuning.search, let others {
      settings = try TaskTraining.search(
        .init(trials: trials, space: SearchSpace(around: settings.choice.kind)), Task.self,
        examples.map(\.example), development: others, agreeing: agreeing, from: settings,
        log: { Terminal.log($0) })
    }
    let training = TaskTraining(settings) { Terminal.log($0) }
    let result = try training.train(
      Task.self, examples.map(\.example), development: others,
      agreeing: agreeing,
      checkpoints: checkpoints.url)
    let seconds = Date().timeIntervalSince(start)
    try training.write(result, isSelfContained: selfContained, to: folder)
    checkpoints.remove()
    let summary = TuningSummary(
      task: task.rawValue, method: settings.choice.kind.rawValue, examples: examples.count,
      trainableParameters: result.movingParameterCount, steps: result.course?.steps ?? 0,
      tokens: result.tokenCount, seconds: seconds, cpuSeconds: ProcessUsage.cpuSeconds,
      peakMemoryBytes: ProcessUsage.peakMemory, epochs: result.course?.epochs ?? [],
      stoppedEarly: result.course?.stoppedEarly ?? false)
    guard json else {
      return Terminal.log(
        "\(output): \(summary.trainableParameters) parameters trained on \(summary.examples) examples, \(summary.steps) steps"
      )
    }
    try Terminal.write(json: summary)
  }
}

/// What a tuning did.
private struct TuningSummary: Encodable {
  let task, method: String
  let examples, trainableParameters, steps, tokens: Int
  let seconds, cpuSeconds: Double
  let peakMemoryBytes: Int
  let epochs: [TrainingLoop.Epoch]
  let stoppedEarly: Bool
}
