// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Transformers

/// Trains an adapter, or the body itself, on unlabelled text by having it guess pieces: hidden ones, or the next one.
///
///     let rows = try LanguageRows(lines, RowEncoder(base))
///     let tuner = LanguageModelTuner(base, method: TuningChoice(.language).method, plan)
///     let tuned = try tuner.tune(rows, development: others)
///     try tuned.adapter?.save(to: folder, prefix: base.encoder.configuration.family.prefix)
///
/// With ``BottleneckConfiguration/language`` that is the language adapter of MAD-X (Pfeiffer and others, 2020): a task's adapter is
/// then trained above that of the source language, and used above that of any other. With ``TuningMethod/body`` it is continued
/// pretraining (Gururangan and others, 2020), with ``TuningMethod/head`` a head for a body that came without one.
///
/// A sentence encoder that came without a head gains most from an adapter that guesses and is anchored at once, with text of the
/// source language (``Settings/anchorWeight`` 1): for the targets alone, below a task's adapter that was trained on the plain body.
public final class LanguageModelTuner {
  private let base: TextEncoder
  private let method: TuningMethod
  private let below: AdapterComposition?
  private let plan: TrainingPlan
  private let settings: Settings

  /// A tuner of a base model.
  ///
  /// - Parameters:
  ///   - base: the body and its tokenizer. With ``TuningMethod/body`` its parameters are changed in place.
  ///   - method: what moves beside the head.
  ///   - below: adapters that stay as they are below what is trained; none by default.
  ///   - plan: how to train.
  ///   - settings: what is hidden and what is held.
  public init(
    _ base: TextEncoder, method: TuningMethod, below: AdapterComposition? = nil,
    _ plan: TrainingPlan, _ settings: Settings = Settings()
  ) {
    (self.base, self.method, self.below) = (base, method, below)
    (self.plan, self.settings) = (plan, settings)
  }

  /// Trains what the method moves, and the head.
  ///
  /// - Parameters:
  ///   - training: rows of text to learn from.
  ///   - development: rows of other text to judge by, and to stop by where the plan has patience; none by default.
  ///   - source: rows of the source language, to whose mean an anchor moves vectors; none by default.
  ///   - head: the head to go on with, which is changed in place; the base's own by default, or a fresh one.
  ///   - name: what the adapter is called; letters, digits, `-` and `_`.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training goes on.
  ///   - progress: called after each step with its number, the number of all steps, and its loss.
  ///   - report: called after each epoch.
  /// - Throws: `TrainingError` where there is no text, the tokenizer has no mask, or nothing would move.
  public func tune(
    _ training: LanguageRows, development: LanguageRows? = nil, source: LanguageRows? = nil,
    head given: LanguageModelHead? = nil, name: String = "language", checkpoints: URL? = nil,
    progress: (Int, Int, Double) throws -> Void = { _, _, _ in },
    report: (TrainingLoop.Epoch) -> Void = { _ in }
  ) throws -> Tuned {
    try settings.validate(method, training, hasSource: source != nil)
    guard !training.rows.isEmpty else {
      throw TrainingError(
        .plan,
        "expected text to learn from, found \(training.lineCount) lines, none of them with a token")
    }
    let vocabulary =
      settings.objective == .masked
      ? try MaskingVocabulary(
        base.tokenizer, training.rows, frontLength: training.frontLength,
        wholeWords: settings.masking.wholeWords) : nil
    let rows = training.filtered(vocabulary)
    let others = development?.filtered(vocabulary)
    guard !rows.rows.isEmpty else {
      throw TrainingError(
        .plan,
        "expected text with pieces that can be guessed, found \(training.rows.count) rows without any"
      )
    }
    try Engine.seed(plan.seed)
    let head = try given ?? LanguageModelHead(of: base)
    var adapter: Adapter?
    if case .adapter(let kind) = method {
      adapter = try base.encoder.makeAdapter(kind, name: name)
      adapter?.bodyHash = try base.parameters.bodyHash()
    }
    let whole = try head.model(base)
    let pieces =
      settings.scoresAllPieces
      ? nil
      : PieceSubset(
        in: rows.rows + (others?.rows ?? []) + [[vocabulary?.mask].compactMap(\.self)])
    let plain = try pieces.map { try whole.restricted(to: $0) } ?? whole
    let composition = composition(adapter)
    var still = plain
    if method == .head { still.encoder = try still.encoder.packed() }
    let resting = try composition.map { try still.adapted(by: $0) } ?? still
    var learning = try composition.map { try plain.adapted(by: $0, isTraining: true) } ?? plain
    // What does not move is laid out once for all steps, but for products of another precision.
    if adapter != nil, plan.products == .float32 {
      learning.encoder = try learning.encoder.frozen()
    }
    learning.encoder.checkpointsActivations = plan.checkpointsActivations
    let parameters = parameters(of: plain, from: whole, head, adapter)
    let loop = try TrainingLoop(plan, parameters: parameters, checkpoints: checkpoints)
    let objective: any LanguageObjective
    if let vocabulary {
      let anchor =
        settings.anchorWeight > 0 && method != .head
        ? try SentenceAnchor(rows.rows, base, weight: settings.anchorWeight, source: source?.rows)
        : nil
      objective = MaskedLanguageObjective(
        learning, resting: resting, pieces: pieces, rows, development: others, vocabulary,
        settings.masking, rates: settings.maskRates, temperature: settings.temperature,
        isFrozen: method == .head, guessWeight: settings.guessWeight, anchor: anchor)
    } else {
      objective = CausalLanguageObjective(
        learning, resting: resting, pieces: pieces, rows, development: others,
        temperature: settings.temperature, isFrozen: method == .head)
    }
    let before = try objective.developmentScore()
    let outcome = try loop.run(objective, progress: progress, report: report)
    let noise = LanguageNoise(settings.masking.rate, settings.maskRates)
    let course = try PretrainingCourse(
      objective, outcome, before: before, movingParameterCount: loop.movingParameterCount, plan,
      maskRate: {
        vocabulary == nil || settings.guessWeight == 0 ? nil : noise.rate($0)
      })
    if let pieces { try whole.restore(from: plain, pieces) }
    return Tuned(
      model: try composition.map { try whole.adapted(by: $0) } ?? whole, head: head,
      adapter: adapter, course: course)
  }

  private func composition(_ adapter: Adapter?) -> AdapterComposition? {
    guard let adapter else { return below }
    return below.map { .stack([$0, .single(adapter)]) } ?? .single(adapter)
  }

  /// What may move, with the tables of the model that learns in the place of the whole ones.
  private func parameters(
    of model: MaskedLanguageModel, from whole: MaskedLanguageModel, _ head: LanguageModelHead,
    _ adapter: Adapter?
  ) -> [TrainedParameter] {
    var result: [TrainedParameter] = []
    if method == .body {
      result = base.parameters.parameters.map { parameter in
        TrainedParameter(
          parameter.name,
          parameter.tensor === base.encoder.wordEmbeddings
            ? model.encoder.wordEmbeddings : parameter.tensor)
      }
    }
    result += (adapter?.parameters ?? []).map { TrainedParameter($0.name, $0.tensor) }
    guard settings.movesHead, settings.guessWeight > 0 else { return result }
    return result
      + head.store.parameters.map { parameter in
        TrainedParameter(
          parameter.name, parameter.tensor === whole.bias ? model.bias : parameter.tensor,
          isHead: true)
      }
  }
}
