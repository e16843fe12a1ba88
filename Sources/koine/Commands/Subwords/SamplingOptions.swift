// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Subwords

/// Options of drawing the ways in which lines are cut.
struct SamplingOptions: ParsableArguments {
  @Flag(
    help:
      "Draw one of the ways to cut each line at random: subword regularisation for unigram vocabularies, dropout for BPE."
  )
  var sampling = false

  @Option(
    help: ArgumentHelp(
      "How much better ways are favoured: 0 not at all, 1 as the unigram model has it; 0.1. For a SentencePiece BPE model the dropout.",
      valueName: "number"))
  var alpha: Double?

  @Option(
    name: [.customLong("nbest-size"), .customLong("nbest_size")], parsing: .unconditional,
    help: ArgumentHelp(
      "Draw from this many of the best ways, 2 to 512; from all of them below 0, which is the default.",
      valueName: "count"))
  var nbestSize: Int?

  @Option(
    help: ArgumentHelp(
      "Sample a BPE vocabulary: pass over each merge with this probability.", valueName: "share"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp("Draw so many ways for each line, with tabs between.", valueName: "count"))
  var samples: Int?

  @Option(help: "Where chance begins, for --sampling and --dropout; 1.")
  var seed: UInt64?

  var isOn: Bool { sampling || dropout != nil }

  func validate() throws {
    let others: [(String, Bool)] = [
      ("--alpha", alpha != nil), ("--nbest-size", nbestSize != nil), ("--samples", samples != nil),
      ("--seed", seed != nil),
    ]
    if !isOn, let option = others.first(where: \.1)?.0 {
      throw ValidationError("\(option) goes with --sampling; give both")
    }
    if let alpha, !(0...1e6).contains(alpha) {
      throw ValidationError("--alpha must be from 0 to 1000000, found \(alpha)")
    }
    if let nbestSize, nbestSize >= 0, !(2...Sampling.mostWays).contains(nbestSize) {
      throw ValidationError(
        "--nbest-size must be below 0 or from 2 to \(Sampling.mostWays), found \(nbestSize)")
    }
    if let dropout, !(0...1).contains(dropout) {
      throw ValidationError("--dropout must be from 0 to 1, found \(dropout)")
    }
    if dropout != nil, alpha != nil || nbestSize != nil {
      throw ValidationError("--dropout excludes --alpha and --nbest-size")
    }
    if let samples, samples < 1 {
      throw ValidationError("--samples must be at least 1, found \(samples)")
    }
  }

  /// How a vocabulary's lines are cut; nil where nothing is drawn.
  func segmentation(for tokenizer: Tokenizer) throws -> Segmentation? {
    guard isOn else { return nil }
    return .sampled(
      try tokenizer.sampling(alpha: alpha, nBestSize: nbestSize, dropout: dropout),
      count: samples ?? 1, seed: seed ?? 1)
  }
}
