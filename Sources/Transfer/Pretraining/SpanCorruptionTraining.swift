// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Torch
import Training
import Transformers

/// Trains an encoder-decoder of T5's family, or LoRA for it, on unlabelled text, and keeps what came of it in a folder.
///
/// Runs on the compute thread.
public struct SpanCorruptionTraining {
  /// How to train.
  public struct Settings: Sendable, Equatable, Codable {
    /// The base's directory.
    public var base: String
    /// What moves: everything, or LoRA.
    public var choice = TuningChoice(.lora)
    /// How it moves.
    public var plan = TrainingPlan()
    /// What is learned.
    public var learning = SpanCorruptionTuner.Settings()
    /// How lines become rows.
    public var layout = LanguageRows.Layout()
    /// What the adapter is called.
    public var name = "language"

    /// LoRA on a base.
    public init(base: String) {
      self.base = base
      plan.rate = choice.kind.standardRate
    }
  }

  /// What a training came to.
  public struct Result {
    /// The adapter and the course.
    public let tuned: SpanCorruptionTuner.Tuned
    /// The base, changed where the way to train changes it.
    public let checkpoint: SequenceCheckpoint
  }

  private let settings: Settings
  private let log: (String) -> Void

  /// A training; `log` is told of progress, a line at a time.
  ///
  /// - Throws: `RecipeError` for a way to tune that encoder-decoders do not have.
  public init(_ settings: Settings, log: @escaping (String) -> Void = { _ in }) throws {
    guard settings.choice.kind == .full || settings.choice.kind == .lora else {
      throw RecipeError(
        .value,
        "encoder-decoders learn by 'full' or 'lora', found '\(settings.choice.kind.rawValue)'")
    }
    self.settings = settings
    self.log = log
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - texts: what to learn from, without pairs and text of a source language.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training of the same settings and texts goes on.
  public func train(_ texts: LanguageTexts, checkpoints: URL? = nil) throws -> Result {
    let checkpoint = try SequenceCheckpoint(BaseModels.directory(settings.base, progress: log))
    let tokenizer = try Tokenizer(contentsOf: checkpoint.directory)
    guard tokenizer.vocabularySize <= checkpoint.configuration.vocabularySize else {
      throw TransformerError(
        .checkpoint,
        "the tokenizer has \(tokenizer.vocabularySize) pieces, the embedding matrix only "
          + "\(checkpoint.configuration.vocabularySize) rows; they do not belong together",
        at: checkpoint.directory.path)
    }
    let encoder = RowEncoder(
      tokenizer, maximumLength: checkpoint.configuration.maximumLength ?? .max)
    let rows = try texts.rows(texts.training, encoder, settings.layout)
    let development =
      texts.development.isEmpty
      ? nil : try texts.rows(texts.development, encoder, settings.layout)
    log(
      "\(rows.lineCount) lines, \(rows.rows.count) rows, \(rows.tokenCount) tokens; \(settings.choice.summary)"
        + (rows.cutLineCount > 0 ? "; \(rows.cutLineCount) lines are cut" : ""))
    let tuner = SpanCorruptionTuner(
      checkpoint, tokenizer, method: settings.choice.method, settings.plan, settings.learning)
    let progress = TrainingProgress("pretraining", log)
    let tuned = try tuner.tune(
      rows, development: development, name: settings.name, checkpoints: checkpoints,
      progress: { step, count, _ in progress.step(step, of: count) }, report: progress.epoch)
    progress.end()
    return Result(tuned: tuned, checkpoint: checkpoint)
  }

  /// Writes what a training came to: PEFT's directory of an adapter, or a directory of the whole base.
  ///
  /// - Throws: `TransformerError` where something else is there already.
  public func write(_ result: Result, to directory: URL) throws {
    try check(place: directory)
    guard let adapter = result.tuned.adapter else {
      return try AtomicDirectory.write(directory) { try result.checkpoint.save(to: $0) }
    }
    try adapter.save(
      to: directory, prefix: "",
      baseModel: result.checkpoint.directory.standardizedFileURL.path)
  }

  /// Refuses a place where what is trained would take the place of something that is not of its kind.
  ///
  /// - Throws: `TransformerError` for a file, for the base itself, and for a folder that holds no adapter where an adapter is trained, or
  ///   no plain model where the base is.
  public func check(place directory: URL) throws {
    try TrainedFolder(base: settings.base, below: [], choice: settings.choice)
      .check(place: directory)
  }
}
