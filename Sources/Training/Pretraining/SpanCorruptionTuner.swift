// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Torch
import Transformers

/// Trains an encoder-decoder of T5's family, or an adapter for it, on unlabelled text by span corruption.
///
///     let tuner = SpanCorruptionTuner(checkpoint, tokenizer, method: .body, plan)
///     let tuned = try tuner.tune(rows, development: others)
///     try checkpoint.save(to: folder)
public final class SpanCorruptionTuner {
  /// What is learned beside the plan.
  public struct Settings: Sendable, Equatable, Codable {
    /// What is taken out of rows.
    public var corruption = SpanCorruption()
    /// The share to take out of text of a language, by its name, in place of the corruption's own.
    public var maskRates: [String: Double] = [:]
    /// How far languages are evened out (``LanguageSampling``); 1, not at all.
    public var temperature = 1.0

    /// Corruption as published.
    public init() {}
  }

  /// What a training came to.
  public struct Tuned {
    /// The model as it is now, with the adapter.
    public var model: SequenceToSequenceModel
    /// The adapter that was trained, where the method trains one; it names its body.
    public var adapter: Adapter?
    /// How it went.
    public var course: PretrainingCourse
  }

  private let checkpoint: SequenceCheckpoint
  private let tokenizer: Tokenizer
  private let method: TuningMethod
  private let plan: TrainingPlan
  private let settings: Settings

  /// A tuner of a base model.
  ///
  /// - Parameters:
  ///   - checkpoint: the model. With ``TuningMethod/body`` its parameters are changed in place.
  ///   - tokenizer: its tokenizer, with sentinels.
  ///   - method: what moves: the body, LoRA or (IA)³.
  ///   - plan: how to train.
  ///   - settings: what is taken out of text.
  public init(
    _ checkpoint: SequenceCheckpoint, _ tokenizer: Tokenizer, method: TuningMethod,
    _ plan: TrainingPlan, _ settings: Settings = Settings()
  ) {
    (self.checkpoint, self.tokenizer, self.method) = (checkpoint, tokenizer, method)
    (self.plan, self.settings) = (plan, settings)
  }

  /// Trains what the method moves.
  ///
  /// - Parameters:
  ///   - training: rows of text to learn from, with the end's token or without.
  ///   - development: rows of other text to judge by, and to stop by where the plan has patience; none by default.
  ///   - name: what the adapter is called; letters, digits, `-` and `_`.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training goes on.
  ///   - progress: called after each step with its number, the number of all steps, and its loss.
  ///   - report: called after each epoch.
  /// - Throws: `TrainingError` where there is no text, the tokenizer has no sentinels, or the model is of another family.
  public func tune(
    _ training: LanguageRows, development: LanguageRows? = nil, name: String = "language",
    checkpoints: URL? = nil, progress: (Int, Int, Double) throws -> Void = { _, _, _ in },
    report: (TrainingLoop.Epoch) -> Void = { _ in }
  ) throws -> Tuned {
    try settings.corruption.validate()
    let noise = LanguageNoise(settings.corruption.rate, settings.maskRates)
    try noise.validate(training, isAllAllowed: false)
    try LanguageSampling.validate(temperature: settings.temperature, training)
    let (sentinels, end) = try special()
    let (rows, others) = (training.withoutEnd(end), development?.withoutEnd(end))
    guard !rows.rows.isEmpty else {
      throw TrainingError(
        .plan,
        "expected text of at least two tokens to take some out of, found \(training.lineCount) lines without"
      )
    }
    try Engine.seed(plan.seed)
    let model = try checkpoint.model()
    var parameters = checkpoint.store.parameters.map { TrainedParameter($0.name, $0.tensor) }
    var (learning, resting, adapter) = (model, model, Adapter?.none)
    if case .adapter(let kind) = method {
      let made = try model.makeAdapter(kind, name: name)
      made.bodyHash = try checkpoint.store.bodyHash()
      parameters = made.parameters.map { TrainedParameter($0.name, $0.tensor) }
      learning = try model.adapted(by: .single(made), isTraining: true)
      resting = try model.adapted(by: .single(made))
      adapter = made
    }
    let loop = try TrainingLoop(plan, parameters: parameters, checkpoints: checkpoints)
    let objective = SpanCorruptionObjective(
      learning, resting: resting, rows, development: others, settings.corruption,
      rates: settings.maskRates, temperature: settings.temperature, sentinels: sentinels, end: end)
    let before = try objective.developmentScore()
    let outcome = try loop.run(objective, progress: progress, report: report)
    return Tuned(
      model: resting, adapter: adapter,
      course: try PretrainingCourse(
        objective, outcome, before: before, movingParameterCount: loop.movingParameterCount,
        plan, maskRate: noise.rate))
  }

  /// The sentinels and the end's token; models and ways to tune that have no use for them are refused.
  private func special() throws -> (sentinels: [Int32], end: Int32) {
    guard checkpoint.configuration.isT5 else {
      throw TrainingError(
        .plan,
        "span corruption is how T5 and mT5 were trained, found a model of the family "
          + "'\(checkpoint.configuration.family.rawValue)'; take one of theirs")
    }
    guard method != .head else {
      throw TrainingError(
        .plan, "an encoder-decoder has no head of its own to train; let the model or LoRA move")
    }
    guard !plan.checkpointsActivations else {
      throw TrainingError(
        .plan,
        "'checkpointsActivations' is for encoders; for less memory cut steps of encoder-decoders by 'accumulation'"
      )
    }
    guard let end = tokenizer.endID else {
      throw TrainingError(.plan, "the tokenizer has no piece </s> that ends a text")
    }
    let sentinels = try SpanCorruption.sentinels(of: tokenizer)
    let size = checkpoint.configuration.vocabularySize
    guard let largest = sentinels.max(), largest < size else {
      throw TrainingError(
        .plan,
        "the tokenizer has sentinels beyond the model's \(size) pieces; they do not belong together"
      )
    }
    return (sentinels, end)
  }
}

extension LanguageRows {
  /// The rows without the token that ends them; those of fewer than two others are left out.
  fileprivate func withoutEnd(_ end: Int32) -> LanguageRows {
    let kept = rows.map { $0.last == end ? Array($0.dropLast()) : $0 }
    let indices = kept.indices.filter { kept[$0].count > 1 }
    return LanguageRows(
      ids: indices.map { kept[$0] }, frontLength: frontLength,
      languages: indices.map { languages[$0] })
  }
}
