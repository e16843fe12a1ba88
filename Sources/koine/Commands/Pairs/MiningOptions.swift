// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import WordVectors

extension SimilarityMatrix.Margin: ExpressibleByArgument {}
extension MarginMining.Choice: ExpressibleByArgument {}

/// How the nearest texts are found.
enum MiningIndex: String, CaseIterable, ExpressibleByArgument {
  case exact, ivf
}

/// How texts are compared and pairs chosen.
struct MiningOptions: ParsableArguments {
  @Option(
    help:
      "How a pair's cosine is set against those of both sides' nearest: ratio, distance (less their mean) or absolute (not at all)."
  )
  var margin = SimilarityMatrix.Margin.ratio

  @Option(help: ArgumentHelp("The nearest that count, in both directions.", valueName: "count"))
  var neighbors = 4

  @Option(
    help:
      "Which pairs are kept: max (best first, while both sides are free), intersection, forward or backward."
  )
  var retrieval = MarginMining.Choice.max

  @Flag(help: "Subtract each side's mean vector first.")
  var center = false

  @Option(
    help:
      "How the nearest are found: exact (every text with every other) or ivf (FAISS: in lists of near texts; made ready by Scripts/faiss)."
  )
  var index = MiningIndex.exact

  @Option(
    help: ArgumentHelp(
      "Lists of each side's index. (default: four times the root of its texts)", valueName: "count")
  )
  var lists: Int?

  @Option(
    help: ArgumentHelp(
      "Lists that are looked through for each text. (default: 32)", valueName: "count"))
  var probes: Int?

  func validate() throws {
    for (name, value) in [("--lists", lists), ("--probes", probes)] {
      guard let value else { continue }
      guard index == .ivf else { throw ValidationError("\(name) belongs to --index ivf") }
      guard value > 0 else { throw ValidationError("\(name) must be at least 1, found \(value)") }
    }
    guard neighbors > 0 else {
      throw ValidationError("--neighbors must be at least 1, found \(neighbors)")
    }
  }

  /// The settings.
  var miner: BitextMiner {
    var miner = BitextMiner()
    miner.margin = margin
    miner.neighbors = neighbors
    miner.isCentered = center
    if index == .ivf {
      var settings = InvertedLists(lists: lists)
      if let probes { settings.probes = probes }
      miner.index = settings
    }
    return miner
  }
}
