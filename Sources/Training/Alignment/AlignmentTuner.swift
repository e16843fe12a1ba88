// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Transformers

/// Moves languages to where a source language is, by pairs of texts that say the same.
///
///     let rows = AlignmentRows(pairs, RowEncoder(base), prefix: base.prefix.text)
///     let tuner = AlignmentTuner(base, method: TuningChoice(.lora).method, plan)
///     let tuned = try tuner.tune(rows, development: others)
///     try tuned.adapter?.save(to: folder, prefix: base.encoder.configuration.family.prefix)
///
/// While it trains, the space of each language that has development pairs is watched (``SpaceMonitor``): a training whose space
/// collapses is stopped with a sentence.
public final class AlignmentTuner {
  /// What is learned beside the plan.
  public struct Settings: Sendable, Equatable, Codable {
    /// The loss.
    public var objective = AlignmentObjective.Settings()
    /// Steps between looks at the space; 100, 0 for none but before and after.
    public var healthInterval = 100
    /// When to stop.
    public var collapse = CollapseRule()
    /// Whether texts of the source language will always be encoded without what is trained, as where each language has an adapter of
    /// its own; false.
    public var freezesSources = false

    /// The usual settings.
    public init() {}
  }

  /// What a training came to.
  public struct Tuned {
    /// The body as it is now, with the adapter.
    public var body: Encoder
    /// The adapter that was trained, where the method trains one; it names its body.
    public var adapter: Adapter?
    /// How many numbers moved; of a table of words, the rows that occur.
    public var movingParameterCount: Int
    /// The training's course.
    public var training: TrainingLoop.Outcome
    /// The languages' spaces before; those with development pairs.
    public var before: [LanguageHealth]
    /// The languages' spaces after.
    public var after: [LanguageHealth]
  }

  private let base: TextEncoder
  private let method: TuningMethod
  private let below: AdapterComposition?
  private let plan: TrainingPlan
  private let settings: Settings

  /// A tuner of a base model.
  ///
  /// - Parameters:
  ///   - base: the body and its tokenizer. With ``TuningMethod/body`` its parameters are changed in place.
  ///   - method: what moves; not the head, since there is none.
  ///   - below: adapters that stay as they are below what is trained; none by default.
  ///   - plan: how to train. ``TrainingPlan/accumulation`` cuts batches into several; for less memory use the objective's part size.
  ///   - settings: the loss and what is watched.
  public init(
    _ base: TextEncoder, method: TuningMethod, below: AdapterComposition? = nil,
    _ plan: TrainingPlan, _ settings: Settings = Settings()
  ) {
    (self.base, self.method, self.below) = (base, method, below)
    (self.plan, self.settings) = (plan, settings)
  }

  /// Trains what the method moves.
  ///
  /// - Parameters:
  ///   - training: pairs to learn from.
  ///   - development: pairs to watch the space by, and to stop by where the plan has patience: by how seldom texts find their own.
  ///   - start: an adapter to go on with, which is changed in place; a fresh one by default.
  ///   - name: what a fresh adapter is called; letters, digits, `-` and `_`.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training goes on.
  ///   - encoding: told of tokens while sources are encoded by the frozen body.
  ///   - progress: called after each step with its number, the number of all steps, and its loss.
  ///   - report: called after each epoch.
  ///   - watch: called after each look at the space, with the step.
  /// - Throws: `TrainingError` where there are no pairs, nothing would move, or the space has collapsed.
  public func tune(
    _ training: AlignmentRows, development: AlignmentRows? = nil, adapter start: Adapter? = nil,
    name: String = "alignment", checkpoints: URL? = nil, encoding: (Int) -> Void = { _ in },
    progress: (Int, Int, Double) throws -> Void = { _, _, _ in },
    report: (TrainingLoop.Epoch) -> Void = { _ in },
    watch: (Int, [LanguageHealth]) -> Void = { _, _ in }
  ) throws -> Tuned {
    try settings.objective.validate()
    try settings.collapse.validate()
    guard method != .head else {
      throw TrainingError(
        .plan, "an alignment has no head to train; let an adapter or the body move")
    }
    guard !settings.freezesSources || method != .body else {
      throw TrainingError(
        .plan,
        "sources can be encoded without what is trained only where that is an adapter; the body itself is changed for all languages"
      )
    }
    guard training.count > 1 else {
      throw TrainingError(
        .plan,
        "expected at least 2 pairs with text on both sides, found \(training.count); "
          + "\(training.leftOutCount) are empty or stand twice")
    }
    try Engine.seed(plan.seed)
    var adapter = start
    if adapter == nil, case .adapter(let kind) = method {
      adapter = try base.encoder.makeAdapter(kind, name: name)
      adapter?.bodyHash = try base.parameters.bodyHash()
    }
    // What is remembered is encoded before anything moves.
    let pivots = try PivotVectors(
      training.sources, base, negativeCount: settings.objective.hardNegatives, progress: encoding)
    let readsWords = settings.objective.terms.contains { $0.readsWords && $0.weight.isUsed }
    guard !readsWords || training.words?.places.isEmpty == false else {
      throw TrainingError(
        .plan,
        "the term 'words' needs words that belong together; \(training.count) pairs have none")
    }
    let wordPivots =
      try readsWords
      ? training.words.flatMap { try PivotVectors.words(training.sources, $0.places, base) } : nil
    let bodies = try TunedBodies(
      base, method, adapter, below, plan,
      rows: [training, development].compactMap(\.self).flatMap {
        $0.sources + $0.pairs.map(\.target)
      })
    let monitor = try development.map {
      try SpaceMonitor(
        $0, bodies.resting, base, rule: settings.collapse, freezesSources: settings.freezesSources,
        pieces: bodies.pieces)
    }
    let objective = AlignmentObjective(
      body: bodies.learning, pooling: base.pooling, pieces: bodies.pieces, rows: training,
      pivots: pivots, wordPivots: wordPivots, settings: settings.objective,
      development: { try Self.error(try monitor?.health(bodies.resting, bodies.pieces) ?? []) })
    let loop = try TrainingLoop(plan, parameters: bodies.parameters, checkpoints: checkpoints)
    let interval = settings.healthInterval
    let outcome = try loop.run(
      objective,
      progress: { step, count, loss in
        if let monitor, interval > 0, step % interval == 0 {
          let now = try monitor.health(bodies.resting, bodies.pieces)
          watch(step, now)
          try monitor.check(now, step: step)
        }
        try progress(step, count, loss)
      }, report: report)
    let after = try monitor?.health(bodies.resting, bodies.pieces) ?? []
    try monitor?.check(after, step: outcome.steps)
    if let pieces = bodies.pieces { try base.encoder.restoreWords(from: bodies.body, pieces) }
    let packed = try base.encoder.packed()
    return Tuned(
      body: try bodies.composition.map { try packed.adapted(by: $0) } ?? packed, adapter: adapter,
      movingParameterCount: loop.movingParameterCount, training: outcome,
      before: monitor?.before ?? [], after: after)
  }

  /// How often texts do not find their own, over all languages; nil where none is watched.
  private static func error(_ languages: [LanguageHealth]) throws -> Double? {
    languages.isEmpty
      ? nil
      : 1 - languages.reduce(0) { $0 + $1.health.accuracy } / Double(languages.count)
  }
}
