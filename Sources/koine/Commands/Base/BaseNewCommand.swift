// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Torch
import Transfer
import Transformers

extension EncoderShape.Preset: ExpressibleByArgument {}
extension EncoderConfiguration.Family: ExpressibleByArgument {}

struct BaseNewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make an encoder with fresh weights for a vocabulary, to pretrain from nothing.",
    discussion: """
      Sizes are those of BERT's miniatures: tiny 2 layers of 128, mini 4 of 256, small 4 of 512, medium 8 of 512, with heads of 64 and
      feed-forward networks four times as wide as the states. The weights are drawn from --seed.

      --tokenizer is a folder with the tokenizer of an encoder, a tokenizer.json, a vocab.txt, or a unigram SentencePiece .model, which
      gets XLM-R's special tokens and ids. It needs tokens for padding, what is unknown, what is hidden, and the two ends of a row.

      The output is a base as any other, with a head that guesses words; it knows nothing until 'koine pretrain --method full' has taught it.

      Examples:
        koine subwords train --input text.txt --model_prefix out/words --vocab_size 4000
        koine base new --preset tiny --tokenizer out/words.model --output out/new
        koine pretrain --base out/new --method full --prefix none --rate 1e-3 --train text.txt --output out/base
        koine base new --family bert --hidden 192 --layers 3 --tokenizer out/wordpiece.json --output out/new
      """)

  @Option(
    help: ArgumentHelp("The encoder's size: tiny, mini, small or medium.", valueName: "size"))
  var preset = EncoderShape.Preset.tiny

  @Option(
    help: ArgumentHelp(
      "bert, xlm-roberta or roberta; by default bert for a WordPiece vocabulary, else xlm-roberta.",
      valueName: "family"))
  var family: EncoderConfiguration.Family?

  @Option(
    help: ArgumentHelp(
      "The vocabulary: a tokenizer's folder or file, or a .model.", valueName: "folder or file"))
  var tokenizer: String

  @Option(help: ArgumentHelp("The folder for the new base.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp("The most tokens of a row, special ones included.", valueName: "count"))
  var positions = 512

  @Option(help: ArgumentHelp("Width of the states, in place of the size's.", valueName: "count"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Layers, in place of the size's.", valueName: "count"))
  var layers: Int?

  @Option(
    help: ArgumentHelp(
      "Attention heads, which divide the width; by default as many as 64 goes into it.",
      valueName: "count"))
  var heads: Int?

  @Option(
    help: ArgumentHelp(
      "Width inside the feed-forward networks; by default four times that of the states.",
      valueName: "count"))
  var intermediate: Int?

  @Option(help: ArgumentHelp("Seeds the weights.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    for (name, value) in [
      ("positions", positions), ("hidden", hidden), ("layers", layers), ("heads", heads),
      ("intermediate", intermediate),
    ] {
      if let value, value < 1 {
        throw ValidationError("--\(name) must be at least 1, found \(value)")
      }
    }
  }

  func run() async throws {
    try Engine.verify()
    let command = self
    try await Compute.run { try command.make() }
  }

  private func make() throws {
    let (folder, place) = (URL(fileURLWithPath: output), URL(fileURLWithPath: tokenizer))
    try BaseModels.check(
      place: folder, base: tokenizer, beside: [place.deletingLastPathComponent().path])
    let shape = try EncoderShape(
      hiddenSize: hidden ?? preset.hiddenSize, layerCount: layers ?? preset.layerCount,
      headCount: heads, intermediateSize: intermediate)
    let base = try NewBase(shape, family: family, tokenizer: place, maximumLength: positions)
    let count = try base.write(to: folder, seed: seed)
    let made = base.configuration
    Terminal.log(
      "\(output): \(made.family.rawValue), \(made.layerCount) layers of \(made.hiddenSize) with \(made.headCount) heads, "
        + "\(made.vocabularySize) pieces, \(count) parameters; rows of at most \(made.maximumLength) tokens"
    )
  }
}
