// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tasks
import Torch
import Transfer

/// Mining again with what was learned from the pairs that were found.
struct MiningRoundOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Learn an adapter for the target's language from the pairs, encode the targets with it and mine again; so many rounds in all, fewer where \
      the development set of --tune is found less well or the pairs stay the same.
      """, valueName: "count"))
  var rounds = 1

  @Option(help: ArgumentHelp("Passes over the pairs in each round; 1.", valueName: "count"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the adapter of the last good round, for 'koine embed --below' and the like.",
      valueName: "folder"))
  var adapter: String?

  @Option(help: ArgumentHelp("Seeds the adapters and the order of pairs; 1.", valueName: "number"))
  var seed: UInt64?

  func validate() throws {
    guard rounds > 0, epochs ?? 1 > 0 else {
      throw ValidationError("--rounds and --epochs must be at least 1")
    }
    guard rounds > 1 || adapter == nil && epochs == nil && seed == nil else {
      throw ValidationError(
        "--adapter, --epochs and --seed are of the second round and later ones; give --rounds, as 3"
      )
    }
  }

  /// How the adapters are trained, on an encoder.
  func settings(_ encoder: SentenceEncoderOptions) -> AlignmentTraining.Settings {
    var settings = IteratedMining.usualSettings()
    settings.base = encoder.base ?? settings.base
    settings.prefix = encoder.prefix ?? settings.prefix
    settings.plan.epochs = epochs ?? settings.plan.epochs
    settings.plan.seed = seed ?? settings.plan.seed
    return settings
  }

  /// Refuses word vectors, which take no adapters, and a place for the adapter that is taken by something else.
  func check(_ encoder: SentenceEncoderOptions) throws {
    guard rounds > 1 else { return }
    let base = settings(encoder).base
    guard try !SentenceEncoders.isStatic(BaseModels.directory(base) { Terminal.log($0) }) else {
      throw ValidationError(
        "--rounds trains adapters in an encoder's layers, which word vectors have not; take an encoder such as e5-small"
      )
    }
    guard let adapter else { return }
    try AlignmentTraining(settings(encoder)).check(place: URL(fileURLWithPath: adapter))
  }

  /// Copies a round's adapter to where it is to be kept.
  func keep(_ round: IteratedMining.Round) throws {
    guard let adapter else { return }
    guard let folder = round.adapter else {
      Terminal.log("no adapter found more than the base alone; \(adapter) is not written")
      return
    }
    try AtomicDirectory.write(URL(fileURLWithPath: adapter)) { partial in
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        try FileManager.default.copyItem(
          at: folder.appendingPathComponent(name), to: partial.appendingPathComponent(name))
      }
    }
  }
}
