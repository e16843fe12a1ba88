// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Transformers

struct TranslateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Write text for text with an encoder-decoder: MarianMT, M2M100, NLLB, T5, mT5.",
    discussion: """
      One line out for each line in. The model is a Hugging Face directory; its generation_config.json says how it
      writes, and the options override that. M2M100 and NLLB want both languages, MarianMT's models with many targets
      want --to, T5 wants a --prefix.

      Examples:
        koine translate --model opus-mt-en-de < english.txt
        koine translate --model nllb-200-distilled-600M --from eng_Latn --to swh_Latn < english.txt
        koine translate --model t5-small --prefix "translate English to German: " --beams 4 < english.txt
      """)

  @Option(help: ArgumentHelp("The model.", valueName: "folder"))
  var model: String

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp("The code of the text's language.", valueName: "code"))
  var source: String?

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("The code of the language to write.", valueName: "code"))
  var target: String?

  @Option(help: ArgumentHelp("What is put before each line.", valueName: "text"))
  var prefix = ""

  @Option(help: ArgumentHelp("Beams; 1 takes the best piece each time.", valueName: "count"))
  var beams: Int?

  @Option(help: ArgumentHelp("The most pieces that are written for a line.", valueName: "count"))
  var maxNewTokens: Int?

  @Option(
    help: ArgumentHelp(
      "Above 0 favours long texts, below 0 short ones; for beams.", valueName: "number"))
  var lengthPenalty: Double?

  @Option(help: ArgumentHelp("Draw pieces at random, at this temperature.", valueName: "number"))
  var temperature: Double?

  @Option(help: ArgumentHelp("Draw only from so many best pieces; 0 for all.", valueName: "count"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Draw only from the best pieces that have this share of probability.", valueName: "share"))
  var topP: Double?

  @Option(help: ArgumentHelp("Seeds what is drawn.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The most pieces of a line that are read; what is longer is cut.", valueName: "count"))
  var maximumLength = 512

  @Flag(help: "Write one JSON object a line: text, score, and whether the line was cut.")
  var json = false

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard beams ?? 1 > 0, maxNewTokens ?? 1 > 0, maximumLength > 1 else {
      throw ValidationError(
        "--beams and --max-new-tokens must be at least 1, --maximum-length at least 2")
    }
    guard temperature ?? 1 > 0, (0...1).contains(topP ?? 1), topK ?? 0 >= 0 else {
      throw ValidationError(
        "--temperature must be above 0, --top-p between 0 and 1, --top-k at least 0")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.translate() }
  }

  private func translate() throws {
    let directory = URL(fileURLWithPath: model)
    let checkpoint = try SequenceCheckpoint(directory)
    let tokenizer = try SequenceTokenizer(directory, checkpoint.configuration)
    let network = try checkpoint.model().packed()
    var settings = checkpoint.generation
    settings.beamCount = beams ?? settings.beamCount
    settings.maxNewTokens = maxNewTokens ?? settings.maxNewTokens
    settings.lengthPenalty = lengthPenalty ?? settings.lengthPenalty
    if temperature != nil || topK != nil || topP != nil {
      settings.sampling = .init(
        temperature: temperature ?? 1, topK: topK ?? 0, topP: topP ?? 1, seed: seed)
    }
    if let target, checkpoint.configuration.family == .m2m100 {
      settings.forcedFirstID = Int(try tokenizer.languageID(target))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var cut = 0
    try TextLines("-").forEachBatch(of: 256) { lines in
      let rows = try lines.map {
        try tokenizer.row(
          prefix + $0, language: source, target: target, maximumLength: maximumLength)
      }
      let written = try network.generate(rows, settings)
      var text = ""
      for (row, sequences) in zip(rows, written) {
        let isCut = row.count >= maximumLength
        cut += isCut ? 1 : 0
        let line = sequences.first.map { tokenizer.text($0.ids) } ?? ""
        guard json else {
          text += line.replacingOccurrences(of: "\n", with: " ") + "\n"
          continue
        }
        let answer = Answer(text: line, score: sequences.first?.score, isCut: isCut)
        text += String(decoding: try encoder.encode(answer), as: UTF8.self) + "\n"
      }
      Terminal.write(text)
    }
    if cut > 0 { Terminal.log("\(cut) lines had \(maximumLength) pieces or more and were cut") }
  }

  private struct Answer: Encodable {
    let text: String
    let score: Double?
    let isCut: Bool
  }
}
