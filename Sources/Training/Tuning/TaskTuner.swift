// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Transformers

/// Tunes a body for a task by any of the methods, with the one training loop.
///
///     let tuner = TaskTuner(task, base, method: .adapter(.lora(LoRAConfiguration())), plan)
///     let tuned = try tuner.tune(task.features(examples, rows), head: task)
///     let answers = try tuned.predictor.predict(inputs)
public final class TaskTuner<Task: TuningTask> {
  /// A tuned task.
  public struct Tuned {
    /// Answers the task's examples.
    public var predictor: TaskPredictor<Task>
    /// The head's parameters.
    public var head: ParameterStore
    /// The adapter that was trained, where the method trains one.
    public var adapter: Adapter?
    /// How many numbers moved, those of the head included; of a table of words, the rows that occur.
    public var movingParameterCount: Int
    /// The training's course.
    public var training: TrainingLoop.Outcome
  }

  private let task: Task
  private let base: TextEncoder
  private let rows: RowEncoder
  private let method: TuningMethod
  private let below: AdapterComposition?
  private let plan: TrainingPlan
  private let settings: LossSettings

  /// A tuner of a base model.
  ///
  /// - Parameters:
  ///   - task: what to learn.
  ///   - base: the body and its tokenizer. With ``TuningMethod/body`` its parameters are changed in place.
  ///   - rows: makes token ids; the base's by default.
  ///   - method: what moves beside the head.
  ///   - below: adapters that stay as they are below what is trained, as a language's (MAD-X); none by default.
  ///   - plan: how to train.
  ///   - settings: label smoothing and class weights; the head's dropout is the plan's.
  public init(
    _ task: Task, _ base: TextEncoder, rows: RowEncoder? = nil, method: TuningMethod,
    below: AdapterComposition? = nil, _ plan: TrainingPlan,
    _ settings: LossSettings = LossSettings()
  ) {
    (self.task, self.base, self.method, self.below) = (task, base, method, below)
    (self.plan, self.settings) = (plan, settings)
    self.rows = rows ?? RowEncoder(base)
  }

  /// Trains a head and what the method moves.
  ///
  /// - Parameters:
  ///   - training: features of the source language's examples.
  ///   - weights: what each feature counts, as the weight of its language; all the same by default.
  ///   - development: features to stop by, of the source language; none by default.
  ///   - agreement: texts without labels and their translations, which should get the same answers; none by default.
  ///   - head: parameters to begin the head with; fresh ones by default.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training goes on.
  ///   - progress: called after each step with its number, the number of all steps, and its loss.
  ///   - report: called after each epoch.
  /// - Throws: `TrainingError` and `TransformerError`, as where the plan's patterns fit nothing.
  public func tune(
    _ training: [Task.Feature], weights: [Float]? = nil, development: [Task.Feature]? = nil,
    agreement: TaskAgreement<Task.Feature>? = nil, head start: ParameterStore? = nil,
    checkpoints: URL? = nil,
    progress: (Int, Int, Double) throws -> Void = { _, _, _ in },
    report: (TrainingLoop.Epoch) -> Void = { _ in }
  ) throws -> Tuned {
    try Engine.seed(plan.seed)
    let store = start ?? ParameterStore(.fresh)
    let head = try task.head(store.scope, base.encoder.configuration)
    var adapter: Adapter?
    if case .adapter(let kind) = method {
      adapter = try base.encoder.makeAdapter(kind, name: "task")
    }
    let bodies = try TunedBodies(
      base, method, adapter, below, plan,
      rows: (training + (development ?? []) + (agreement?.features ?? [])).flatMap {
        $0.rows.map(\.ids)
      })
    let parameters =
      bodies.parameters
      + store.parameters.map { TrainedParameter($0.name, $0.tensor, isHead: true) }
    let objective = TaskObjective(
      task: task, features: training, weights: weights, development: development,
      body: bodies.learning, resting: bodies.resting, head: head, pieces: bodies.pieces,
      settings: settings, agreement: agreement, isFrozen: method == .head,
      frozen: method == .head
        ? try frozenStates(training, bodies.body, bodies.composition) : nil)
    let loop = try TrainingLoop(plan, parameters: parameters, checkpoints: checkpoints)
    let outcome = try loop.run(objective, progress: progress, report: report)
    if let pieces = bodies.pieces { try base.encoder.restoreWords(from: bodies.body, pieces) }
    let packed = try base.encoder.packed()
    let final = try bodies.composition.map { try packed.adapted(by: $0) } ?? packed
    return Tuned(
      predictor: TaskPredictor(task, final, head, rows), head: store, adapter: adapter,
      movingParameterCount: loop.movingParameterCount, training: outcome)
  }

  private func frozenStates(
    _ features: [Task.Feature], _ body: Encoder, _ composition: AdapterComposition?
  ) throws -> FrozenStates<Task.Feature>? {
    let packed = try body.packed()
    return try FrozenStates(
      features, composition.map { try packed.adapted(by: $0) } ?? packed)
  }
}

/// A task's loss over a body and a head, as the loop asks for it.
private struct TaskObjective<Task: TuningTask>: TrainingObjective {
  let task: Task
  let features: [Task.Feature]
  let weights: [Float]?
  let development: [Task.Feature]?
  /// The body as it is trained, with adapters' dropout.
  let body: Encoder
  /// The body as it is judged.
  let resting: Encoder
  let head: TaskHead
  let pieces: PieceSubset?
  let settings: LossSettings
  let agreement: TaskAgreement<Task.Feature>?
  /// Whether nothing in the body moves.
  let isFrozen: Bool
  /// States under a body that does not move, where they fit into memory.
  let frozen: FrozenStates<Task.Feature>?

  var exampleCount: Int { features.count }

  func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    let batch = try TaskBatch(
      examples.map { features[$0] },
      weights: weights.map { weights in examples.map { weights[$0] } },
      pieces: pieces, for: body.configuration)
    var settings = settings
    settings.dropout = dropout.hidden
    let states: Tensor
    if let frozen {
      states = try frozen.states(examples, batch.packed)
    } else if isFrozen {
      states = try GradientMode.disabled { try resting(batch.packed) }
    } else {
      states = try body(batch.packed, dropout: dropout)
    }
    let loss = try task.loss(states, batch, head, settings).mean()
    guard let agreement else { return loss }
    return try loss.adding(
      agreement.loss(count: examples.count, head, pieces, resting) { packed in
        isFrozen
          ? try GradientMode.disabled { try resting(packed) }
          : try body(packed, dropout: dropout)
      }, scale: agreement.weight)
  }

  func developmentLoss() throws -> Double? {
    guard let development, !development.isEmpty else { return nil }
    let lengths = development.map { $0.rows.reduce(0) { $0 + $1.ids.count } }
    var (total, weight) = (0.0, 0.0)
    for indices in TokenBatches(lengths: lengths) {
      let batch = try TaskBatch(
        indices.map { development[$0] }, pieces: pieces, for: body.configuration)
      let sum = try task.loss(resting(batch.packed), batch, head, LossSettings())
      total += try sum.total.item()
      weight += sum.weight
    }
    return weight == 0 ? nil : total / weight
  }
}
