// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Torch
import Training
import Transformers

/// Trains a language's adapter, or the base itself, on unlabelled text, and keeps what came of it in a folder.
///
/// Runs on the compute thread.
public struct LanguageTraining {
  /// How to train.
  public struct Settings: Sendable, Equatable, Codable {
    /// The base's name or directory.
    public var base = "e5-small"
    /// What moves.
    public var choice = TuningChoice(.language)
    /// How it moves.
    public var plan = TrainingPlan()
    /// What is learned.
    public var learning = LanguageModelTuner.Settings()
    /// How lines become rows.
    public var layout = LanguageRows.Layout()
    /// What the adapter is called.
    public var name = "language"
    /// Directories of adapters below what is trained, which stay as they are; the lowest first.
    public var below: [String] = []
    /// A head to go on with; nil for the base's own, or a fresh one.
    public var head: String?

    /// A language's adapter on e5-small.
    public init() { plan.rate = choice.kind.standardRate }

    /// The file of the head to go on with, where one was named.
    public var headPlace: URL? {
      guard let head else { return nil }
      let place = URL(fileURLWithPath: (head as NSString).expandingTildeInPath)
      let isFolder = (try? place.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
      return isFolder ? place.appendingPathComponent(LanguageTraining.headFile) : place
    }
  }

  /// What a training came to.
  public struct Result {
    /// The adapter, the head and the course.
    public let tuned: LanguageModelTuner.Tuned
    /// The base, changed where the way to train changes it.
    public let base: TextEncoder
  }

  /// The peak step size of a head that has everything to learn, where the plan says none.
  public static let freshHeadRate = 3e-3
  /// The name of the head's file beside an adapter.
  public static let headFile = "language_head.safetensors"

  private let settings: Settings
  private let log: (String) -> Void

  /// A training; `log` is told of progress, a line at a time.
  public init(_ settings: Settings, log: @escaping (String) -> Void = { _ in }) {
    self.settings = settings
    self.log = log
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - texts: what to learn from.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training of the same settings and texts goes on.
  public func train(_ texts: LanguageTexts, checkpoints: URL? = nil) throws -> Result {
    try LowerAdapters(settings.below).check(settings.choice.kind)
    let base = try BaseModels.encoder(settings.base, progress: log)
    let below = try LowerAdapters(settings.below).opened(for: base)
    let encoder = try LowerAdapters.rows(base, below, settings.choice)
    var rows = try texts.rows(texts.training, encoder, settings.layout)
    try rows.append(
      pairs: texts.pairs.lazy.map { ($0.source, $0.target) }, encoder,
      settings.layout)
    let development =
      texts.development.isEmpty
      ? nil : try texts.rows(texts.development, encoder, settings.layout)
    let source =
      texts.source.isEmpty ? nil : try LanguageRows(texts.source, encoder, settings.layout)
    guard source?.rows.isEmpty != true else {
      throw TaskError(
        .examples,
        "expected text of the source language, found \(texts.source.count) lines without any")
    }
    let head = try head(base)
    guard !head.isFresh || settings.learning.movesHead || settings.learning.guessWeight == 0 else {
      throw RecipeError(
        .value,
        "the base has no head that guesses words, and a fresh one that stays as it is can teach nothing; let it learn, or "
          + "name one that pretraining made")
    }
    var plan = settings.plan
    settings.choice.select(in: &plan)
    if plan.headRate == nil, head.isFresh { plan.headRate = Self.freshHeadRate }
    log(
      "\(rows.lineCount) lines"
        + (texts.pairs.isEmpty ? "" : " and pairs")
        + ", \(rows.rows.count) rows, \(rows.tokenCount) tokens; \(settings.choice.summary)"
        + (rows.cutLineCount > 0 ? "; \(rows.cutLineCount) lines are cut" : "")
        + (head.isFresh
          ? "; the base has no head that guesses words, it begins with a fresh one" : ""))
    let tuner = LanguageModelTuner(
      base, method: settings.choice.method, below: LowerAdapters.composition(below), plan,
      settings.learning)
    let progress = TrainingProgress("pretraining", log)
    let tuned = try tuner.tune(
      rows, development: development, source: source, head: head,
      name: settings.name, checkpoints: checkpoints,
      progress: { step, count, _ in progress.step(step, of: count) }, report: progress.epoch)
    progress.end()
    return Result(tuned: tuned, base: base)
  }

  /// Writes what a training came to: an adapter's directory with the head beside it, or a directory of the whole base with its
  /// head where no adapter was trained.
  ///
  /// - Throws: `TransformerError` where something else is there already.
  public func write(_ result: Result, to directory: URL) throws {
    try check(place: directory)
    guard let adapter = result.tuned.adapter else {
      try result.tuned.head.write(with: result.base, to: directory)
      return
    }
    try AtomicDirectory.write(directory) { partial in
      try adapter.save(
        to: partial, prefix: result.base.encoder.configuration.family.prefix,
        baseModel: BaseModels.reference(settings.base, result.base))
      if settings.learning.guessWeight > 0 {
        try result.tuned.head.write(to: partial.appendingPathComponent(Self.headFile))
      }
    }
  }

  /// Refuses a place where what is trained would take the place of something that is not of its kind.
  ///
  /// - Throws: `TransformerError` for a file, for the base itself or an adapter below, and for a folder that holds no adapter where an
  ///   adapter is trained, or no plain model where the base is.
  public func check(place directory: URL) throws {
    try TrainedFolder(base: settings.base, below: settings.below, choice: settings.choice)
      .check(place: directory)
  }

  private func head(_ base: TextEncoder) throws -> LanguageModelHead {
    // Not from the numbers that the adapter is drawn from.
    try Engine.seed(settings.plan.seed ^ 0x6865_6164)
    guard let file = settings.headPlace else { return try LanguageModelHead(of: base) }
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw TransformerError(
        .file,
        "there is no head; name the folder of an adapter that pretraining made, or take a base with a head as the base",
        at: file.path)
    }
    return try LanguageModelHead(contentsOf: file, for: base)
  }
}
