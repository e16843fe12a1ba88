// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation
import Tasks
import Training
import WordVectors

/// Learns from what was mined and mines again: each round has an adapter that moves the targets' language to the sources'.
///
/// Every round's adapter starts from the base, so that wrong pairs of an early round are forgotten where a later one does without them. Sources
/// are encoded by the base as it is. Rounds end where a development set says that the last one found no better, which is then left
/// out, or where the same pairs are found again.
///
/// Runs on the compute thread.
public struct IteratedMining {
  /// What a round came to.
  public struct Round {
    /// The pairs that are kept, as places among both sides' texts.
    public var pairs: [MarginMining.Pair]
    /// How well a development set's pairs are found; nil without one.
    public var development: MiningScore?
    /// The folder of the adapter that targets were encoded with; nil in the first round.
    public internal(set) var adapter: URL?

    /// A round's pairs, and how well those of a development set were found.
    public init(_ pairs: [MarginMining.Pair], development: MiningScore? = nil) {
      (self.pairs, self.development) = (pairs, development)
    }
  }

  /// What folders of adapters begin with.
  public static let adapterPrefix = "adapter-"

  private let settings: AlignmentTraining.Settings
  private let rounds: Int
  private let folder: URL
  private let log: (String) -> Void

  /// Mining in rounds.
  ///
  /// - Parameters:
  ///   - settings: how adapters are trained.
  ///   - rounds: the most rounds, the first, which has no adapter, among them.
  ///   - folder: where adapters and their checkpoints are kept; a run of the same settings and texts goes on from there.
  ///   - log: is told of progress.
  public init(
    _ settings: AlignmentTraining.Settings, rounds: Int, keptIn folder: URL,
    log: @escaping (String) -> Void = { _ in }
  ) {
    (self.settings, self.rounds, self.folder, self.log) = (settings, rounds, folder, log)
  }

  /// The settings of adapters that are usual here: LoRA by contrast, above which sources are never encoded.
  public static func usualSettings() -> AlignmentTraining.Settings {
    var settings = AlignmentTraining.Settings()
    settings.learning.objective.terms = [
      AlignmentTerm(.contrastive, temperature: AlignmentTraining.usualTemperature)
    ]
    settings.learning.freezesSources = true
    settings.learning.healthInterval = 0
    // Of few pairs still fewer are held out, and how many of those find their own is chance.
    settings.learning.collapse.accuracyShare = 0
    settings.name = "mined"
    return settings
  }

  /// The best round.
  ///
  /// - Parameters:
  ///   - source: the texts that others are moved to.
  ///   - target: the texts that are moved.
  ///   - mine: finds pairs, with the targets encoded by the adapter in a folder; nil is the base alone.
  /// - Throws: what mining throws in the first round. What a later one throws is told, and ends the rounds.
  public func run(
    _ source: MiningTexts, _ target: MiningTexts, mine: (URL?) throws -> Round
  ) throws -> Round {
    var best = try mine(nil)
    for number in 1..<max(rounds, 1) {
      let title = "round \(number + 1)"
      var next: Round
      do {
        let adapter = try adapter(best.pairs, source, target, title)
        next = try mine(adapter)
        next.adapter = adapter
      } catch let error where error is TrainingError || error is WordVectorError {
        // What was found so far is not lost.
        log("\(title) came to nothing, the one before is kept: \(error)")
        return best
      }
      guard next.pairs.count > 1 else {
        log("\(title) finds \(next.pairs.count) pairs; the one before is kept")
        return best
      }
      let (before, now) = (Self.places(best), Self.places(next))
      var line =
        "\(title): \(now.count) pairs, \(now.intersection(before).count) of the \(before.count) before among them"
      let scores = next.development.flatMap { next in
        best.development.map { (before: $0.f1, now: next.f1) }
      }
      if let scores {
        line += String(
          format: "; F1 of the development set %.4f, before %.4f", scores.now, scores.before)
      }
      log(line)
      if let scores, scores.now <= scores.before {
        log("\(title) is not better; the one before is kept")
        return best
      }
      best = next
      guard now != before else {
        log("\(title): the pairs are the same; more rounds would change nothing")
        return best
      }
    }
    return best
  }

  /// The folder of an adapter that learned from pairs, which is trained unless it is there.
  private func adapter(
    _ pairs: [MarginMining.Pair], _ source: MiningTexts, _ target: MiningTexts, _ title: String
  ) throws -> URL {
    let language = target.language ?? "target"
    let texts = pairs.map {
      AlignmentPair(source.texts[$0.source], target.texts[$0.target], language: language)
    }
    let place = folder.appendingPathComponent(Self.adapterPrefix + (try identity(texts)))
    guard !FileManager.default.fileExists(atPath: place.path) else { return place }
    let training = AlignmentTraining(settings) { log("\(title): \($0)") }
    let checkpoints = place.appendingPathExtension("checkpoints")
    let result = try training.train(texts, checkpoints: checkpoints)
    try training.write(result, to: place)
    try? FileManager.default.removeItem(at: checkpoints)
    return place
  }

  /// What tells an adapter from those of other settings, bases and pairs.
  private func identity(_ pairs: [AlignmentPair]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var data = try encoder.encode(settings)
    let base = try BaseModels.directory(settings.base, progress: log)
    data += Data(try FileDigest.sha256(ofFolder: base, where: SentenceEncoders.reads).utf8)
    for pair in pairs { data += Data("\(pair.source)\n\(pair.target)\n".utf8) }
    return String(FileDigest.sha256(of: data).prefix(24))
  }

  private static func places(_ round: Round) -> Set<MiningScore.Place> {
    Set(round.pairs.map { MiningScore.Place($0.source, $0.target) })
  }
}
