// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Training
import Transformers

/// Moves languages to where a source language is, and keeps what came of it in a folder.
///
/// Runs on the compute thread.
public struct AlignmentTraining {
  /// How to train.
  public struct Settings: Sendable, Equatable, Codable {
    /// The base's name or directory.
    public var base = "e5-small"
    /// What moves.
    public var choice = TuningChoice(.lora)
    /// How it moves.
    public var plan = TrainingPlan()
    /// The loss and what is watched.
    public var learning = AlignmentTuner.Settings()
    /// The most tokens of a text.
    public var maximumLength = 128
    /// What precedes every text.
    public var prefix = TextPrefix.query
    /// What the adapter is called.
    public var name = "alignment"
    /// Directories of adapters below what is trained, which stay as they are; the lowest first.
    public var below: [String] = []
    /// Pairs of each language that are taken from the training ones to watch its space, where none are given; 200, but no more than
    /// a tenth.
    public var heldOut = 200

    /// LoRA on e5-small, without dropout: distances to where the frozen body has sources are disturbed by it.
    public init() {
      plan.rate = choice.kind.standardRate
      plan.dropout = 0
      (plan.batchSize, plan.epochs) = (64, 1)
    }
  }

  /// What a training came to.
  public struct Result {
    /// The adapter, the course and the spaces.
    public let tuned: AlignmentTuner.Tuned
    /// The base, changed where the way to train changes it.
    public let base: TextEncoder
    /// Pairs that were learned from.
    public let pairCount: Int
    /// Tokens of their targets.
    public let tokenCount: Int
    /// Pairs of each language that were learned from.
    public let languages: [(name: String, pairs: Int)]
  }

  /// What cosines are divided by in contrast unless it is said: 0.02, which parts the cosines of an E5 model, trained at 0.01, without pulling its
  /// space wide open.
  public static let usualTemperature = 0.02

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
  ///   - pairs: what to learn from.
  ///   - development: pairs to watch the space by; where there are none, some of the others are held out for it.
  ///   - start: an adapter of the same kind to go on with, which is changed in place; a fresh one by default.
  ///   - checkpoints: a folder for checkpoints, from which an interrupted training of the same settings and pairs goes on.
  public func train(
    _ pairs: [AlignmentPair], development: [AlignmentPair] = [], adapter start: Adapter? = nil,
    checkpoints: URL? = nil
  ) throws -> Result {
    try LowerAdapters(settings.below).check(settings.choice.kind)
    let base = try BaseModels.encoder(settings.base, progress: log)
    let below = try LowerAdapters(settings.below).opened(for: base)
    let encoder = try LowerAdapters.rows(base, below, settings.choice)
      .limited(to: settings.maximumLength)
    let split =
      development.isEmpty
      ? HeldOutPairs(pairs, count: settings.heldOut)
      : HeldOutPairs(training: pairs, development: development)
    let prefix = settings.prefix.text
    let rows = AlignmentRows(
      split.training, encoder, prefix: prefix, links: try links(of: split.training, base))
    let others = AlignmentRows(split.development, encoder, prefix: prefix)
    var plan = settings.plan
    settings.choice.select(in: &plan)
    log(
      "\(rows.count) pairs of \(rows.languages.count) languages, \(rows.tokenCount) tokens; \(settings.choice.summary)"
        + (rows.leftOutCount > 0
          ? "; \(rows.leftOutCount) pairs stand twice or are empty on a side" : "")
        + (development.isEmpty && others.count > 0
          ? "; \(others.count) pairs are held out to watch spaces by" : ""))
    let tuner = AlignmentTuner(
      base, method: settings.choice.method, below: LowerAdapters.composition(below), plan,
      settings.learning)
    var meter = ProgressMeter(log)
    meter.name("sources")
    meter.begin(rows.sourceTokenCount, unit: "tokens")
    let progress = TrainingProgress("aligning", log)
    let tuned = try tuner.tune(
      rows, development: others.count > 1 ? others : nil, adapter: start, name: settings.name,
      checkpoints: checkpoints, encoding: { meter.advance($0) },
      progress: { step, count, _ in progress.step(step, of: count) }, report: progress.epoch,
      watch: { step, languages in log(Self.line(step, languages)) })
    progress.end()
    return Result(
      tuned: tuned, base: base, pairCount: rows.count, tokenCount: rows.tokenCount,
      languages: zip(rows.languages, rows.counts).map { ($0, $1) })
  }

  /// Words that belong together, where a term reads them; adapters below have no part in it.
  private func links(
    of pairs: [AlignmentPair], _ base: TextEncoder
  ) throws -> [[(source: Int, target: Int)]]? {
    guard settings.learning.objective.terms.contains(where: { $0.readsWords && $0.weight.isUsed })
    else { return nil }
    var meter = ProgressMeter(log)
    meter.name("links of words")
    meter.begin(pairs.count, unit: "pairs")
    let links = try WordLinks(base).links(of: pairs.map { ($0.source, $0.target) }) {
      meter.advance($0)
    }
    meter.end()
    return links
  }

  /// The spaces of all languages in a line: means, and the weakest by name.
  private static func line(_ step: Int, _ languages: [LanguageHealth]) -> String {
    func mean(_ value: (SpaceHealth) -> Double) -> Double {
      languages.reduce(0) { $0 + value($1.health) } / Double(max(1, languages.count))
    }
    let weakest = languages.min { $0.health.accuracy < $1.health.accuracy }
    return String(
      format:
        "step %d: texts find their own %.3f, alignment %.3f, uniformity %.2f, effective rank %.0f",
      step, mean(\.accuracy), mean(\.alignment), mean(\.uniformity), mean(\.effectiveRank))
      + (languages.count > 1
        ? String(format: "; weakest %.3f, ", weakest?.health.accuracy ?? 0)
          + (weakest?.language ?? "") : "")
  }

  /// Writes what a training came to: an adapter's directory, or a directory of the whole base where no adapter was trained.
  ///
  /// - Throws: `TransformerError` where something else is there already.
  public func write(_ result: Result, to directory: URL) throws {
    try check(place: directory)
    guard let adapter = result.tuned.adapter else {
      try result.base.write(to: directory)
      return
    }
    // It belongs to the encoder itself, not to one with a head.
    try adapter.save(
      to: directory, prefix: "", baseModel: BaseModels.reference(settings.base, result.base))
  }

  /// Refuses a place where what is trained would take the place of something that is not of its kind.
  public func check(place directory: URL) throws {
    try TrainedFolder(base: settings.base, below: settings.below, choice: settings.choice)
      .check(place: directory)
  }
}
