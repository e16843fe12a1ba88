// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords
import Tasks
import Torch
import Transfer

struct BaseTrimCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trim",
    abstract:
      "Keep of a base the pieces that some languages use: a smaller file, the same answers.",
    discussion: """
      Most of a multilingual encoder is its table of pieces, and a few languages use a part of it. The text that is given
      decides which: it is cut as before, and what the encoder says of it stays the same. Give as much text as there is, since
      other text is cut otherwise where it needs a piece that is gone; --pieces keeps the most used ones.

      The output is a base as any other; ids.tsv in it says which old id each new one was.

      Examples:
        koine base trim --input 'data/{lang}/train.tsv' --languages deu_Latn,fra_Latn --output bases/de-fr
        koine base trim --base xlm-roberta-base/ --input de.txt.gz --input fr.txt.gz --pieces 60000 --output bases/de-fr
      """)

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Text of the languages to keep: files of lines, tables, patterns with {lang}.",
      valueName: "files"))
  var input: [String] = []

  @Option(help: "The languages of the text to keep, between commas; all unless named.")
  var languages: String?

  @Option(help: ArgumentHelp("Pieces used less often are not kept.", valueName: "count"))
  var least: Int64 = 1

  @Option(
    help: ArgumentHelp("The most pieces that are kept, the most used ones.", valueName: "count"))
  var pieces: Int?

  @Option(help: ArgumentHelp("The folder for the smaller base.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp("What becomes of bytes that are not UTF-8.", valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !input.isEmpty else {
      throw ValidationError("--input is missing: name at least one file")
    }
    guard least > 0, pieces ?? 1 > 0 else {
      throw ValidationError("--least and --pieces must be at least 1")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.trim() }
  }

  private func trim() throws {
    let folder = URL(fileURLWithPath: output)
    try BaseModels.check(place: folder, base: base)
    var source = try TrainingSource(input, invalid: invalid)
    source.languages = languages?.split(separator: ",").map(String.init)
    let encoder = try BaseModels.encoder(base) { Terminal.log($0) }
    let text = try TrimmedBase.text(for: encoder)
    try source.add(to: text)
    var trimmer = VocabularyTrimmer()
    (trimmer.leastUses, trimmer.mostPieces) = (least, pieces)
    let summary = try TrimmedBase(encoder, by: trimmer, for: text).write(to: folder)
    let share = Double(summary.bytesAfter) / Double(summary.bytesBefore) * 100
    Terminal.log(
      "\(output): \(summary.after) of \(summary.before) pieces, \(summary.bytesAfter / 1_000_000) of "
        + "\(summary.bytesBefore / 1_000_000) MB (\(String(format: "%.1f", share)) %)")
  }
}
