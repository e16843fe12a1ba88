// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import WordVectors

extension SimilarityMatrix.Margin: ExpressibleByArgument {}
extension MarginMining.Choice: ExpressibleByArgument {}

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

  func validate() throws {
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
    return miner
  }
}
