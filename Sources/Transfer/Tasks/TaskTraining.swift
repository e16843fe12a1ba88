// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Torch
import Training
import Transformers

/// Tunes a base for a task on labelled examples of the source language, and keeps what came of it as a model.
///
/// Runs on the compute thread.
public struct TaskTraining {
  /// How to train.
  public struct Settings: Sendable, Equatable, Codable {
    /// The base's name or directory.
    public var base = "e5-small"
    /// The most tokens of a row; nil for as many as the base takes.
    public var maximumLength: Int?
    /// How the task is set up.
    public var options = TaskOptions()
    /// What moves.
    public var choice = TuningChoice(.lora)
    /// How it moves.
    public var plan = TrainingPlan()
    /// The share of probability that is spread over all classes.
    public var labelSmoothing = 0.0
    /// Whether classes weigh the same in all, whatever their number of examples.
    public var balancesClasses = false
    /// What the agreement of answers about pairs of texts counts beside the loss on labelled examples; 1.
    public var agreement = 1.0
    /// Directories of adapters below what is trained, which stay as they are; the lowest first.
    public var below: [String] = []

    /// LoRA on queries and values of e5-small.
    public init() {
      plan.rate = choice.kind.standardRate
      plan.headRate = choice.kind.standardHeadRate(poolsStates: true)
    }
  }

  /// What a training came to.
  public struct Result<Task: FileTask> {
    /// Answers the task's examples.
    public let predictor: TaskPredictor<Task>
    /// The head's parameters.
    public let head: ParameterStore
    /// Adapters below and above, the lowest first.
    public let adapters: [Adapter]
    /// The base, tuned where the way to tune changes it.
    public let base: TextEncoder
    /// How many numbers moved.
    public let movingParameterCount: Int
    /// The course; nil where nothing was there to train.
    public let course: TrainingLoop.Outcome?
    /// Tokens gone through.
    public let tokenCount: Int
  }

  let settings: Settings
  private let log: (String) -> Void

  /// A training; `log` is told of progress, a line at a time.
  public init(_ settings: Settings, log: @escaping (String) -> Void = { _ in }) {
    self.settings = settings
    self.log = log
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - type: the task.
  ///   - training: labelled examples of the source language.
  ///   - development: examples of the source language to stop by; nil for none.
  ///   - agreeing: texts without labels and their translations, which should get the same answers; of classification and tagging.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training of the same settings and examples goes on.
  public func train<Task: FileTask>(
    _ type: Task.Type, _ training: [LabelledExample<Task.Input, Task.Gold>],
    development: [LabelledExample<Task.Input, Task.Gold>]? = nil,
    agreeing: [(source: String, target: String)] = [],
    checkpoints: URL? = nil
  ) throws -> Result<Task> {
    guard !training.isEmpty else {
      throw TaskError(.examples, "expected examples to learn from, found none")
    }
    try LowerAdapters(settings.below).check(settings.choice.kind)
    let base = try BaseModels.encoder(
      settings.base, maximumLength: settings.maximumLength, progress: log)
    let task = Task(try Task.configuration(training, settings.options))
    let below = try LowerAdapters(settings.below).opened(for: base)
    let rows = try LowerAdapters.rows(base, below, settings.choice)
    let features = try task.features(training, rows)
    guard !features.isEmpty else {
      throw TaskError(
        .examples,
        "none of the \(training.count) examples has anything to learn from, as words to tag")
    }
    let composition = LowerAdapters.composition(below)
    let agreement = try agreement(task, training, agreeing, base, rows)

    var plan = settings.plan
    settings.choice.select(in: &plan)
    let tokens = features.reduce(0) { $0 + $1.rows.reduce(0) { $0 + $1.ids.count } }
    let tuner = TaskTuner(
      task, base, rows: rows, method: settings.choice.method, below: composition, plan,
      LossSettings(
        labelSmoothing: settings.labelSmoothing,
        classWeights: settings.balancesClasses
          ? Task.classWeights(training, task.configuration) : nil
      ))
    if settings.choice.kind == .head, try !hasHead(task, base) {
      let packed = try base.encoder.packed()
      let encoder = try composition.map { try packed.adapted(by: $0) } ?? packed
      let store = ParameterStore(.fresh)
      let head = try task.head(store.scope, encoder.configuration)
      log("nothing to train: the task has no head, and nothing of the base moves")
      return Result(
        predictor: TaskPredictor(task, encoder, head, rows), head: store, adapters: below,
        base: base, movingParameterCount: 0, course: nil, tokenCount: 0)
    }
    log(
      "\(training.count) examples, \(features.count) rows or pairs of rows, \(tokens) tokens; \(settings.choice.summary)"
        + (agreement.map { "; \($0.pairs.count) pairs of texts to agree about" } ?? ""))
    let progress = TrainingProgress("tuning", log)
    let tuned = try tuner.tune(
      features, development: try development.map { try task.features($0, rows) },
      agreement: agreement,
      checkpoints: checkpoints, progress: { step, count, _ in progress.step(step, of: count) },
      report: progress.epoch)
    progress.end()
    return Result(
      predictor: tuned.predictor, head: tuned.head,
      adapters: below + (tuned.adapter.map { [$0] } ?? []), base: base,
      movingParameterCount: tuned.movingParameterCount, course: tuned.training,
      tokenCount: tokens * tuned.training.steps * plan.batchSize / max(features.count, 1))
  }

  /// Writes what a training came to as a model.
  ///
  /// - Parameters:
  ///   - result: what came of it.
  ///   - isSelfContained: whether the body goes into the directory although it was not changed.
  ///   - source: the language that was learned from.
  ///   - directory: where the model is to be.
  public func write<Task: FileTask>(
    _ result: Result<Task>, isSelfContained: Bool = false, source: String? = nil,
    to directory: URL
  ) throws {
    let name = BaseModels.reference(settings.base, result.base)
    try TaskModel.write(
      result.predictor.task, head: result.head, adapters: result.adapters, base: result.base,
      name: isSelfContained || settings.choice.kind.changesBody ? nil : name,
      maximumLength: result.predictor.rows.maximumLength, source: source, to: directory)
  }

  private func hasHead<Task: FileTask>(_ task: Task, _ base: TextEncoder) throws -> Bool {
    let store = ParameterStore(.fresh)
    _ = try task.head(store.scope, base.encoder.configuration)
    return !store.parameters.isEmpty
  }
}
