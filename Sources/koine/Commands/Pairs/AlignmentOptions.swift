// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual

/// Settings of aligning by vectors.
struct AlignmentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The most sentences of both sides together in one.", valueName: "count"))
  var maxSize = 4

  @Option(
    help: ArgumentHelp(
      "The share of pairs that do not belong together that cost less than leaving a sentence out.",
      valueName: "share"))
  var deletionShare = VectorAligner().deletionShare

  @Option(
    help: ArgumentHelp("The weight of lengths beside vectors; 0 for none.", valueName: "weight"))
  var lengthWeight = VectorAligner().lengthWeight

  @Option(
    help: ArgumentHelp(
      "How far from the way through a shortened document a better one is looked for, in sentences.",
      valueName: "count"))
  var searchWidth = 5

  @Option(help: "Seeds what costs are compared with.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (2...12).contains(maxSize) else {
      throw ValidationError("--max-size must be from 2 to 12, found \(maxSize)")
    }
    guard (0...1).contains(deletionShare) else {
      throw ValidationError("--deletion-share must be from 0 to 1, found \(deletionShare)")
    }
    guard lengthWeight >= 0 else {
      throw ValidationError("--length-weight must not be negative, found \(lengthWeight)")
    }
    guard searchWidth > 0 else {
      throw ValidationError("--search-width must be at least 1, found \(searchWidth)")
    }
  }

  /// The settings.
  var aligner: VectorAligner {
    var aligner = VectorAligner()
    aligner.maximumSize = maxSize
    aligner.deletionShare = deletionShare
    aligner.lengthWeight = lengthWeight
    aligner.searchWidth = searchWidth
    aligner.seed = seed
    return aligner
  }
}
