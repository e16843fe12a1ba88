// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords
import Tasks
import Torch
import Transfer

struct BaseReplaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replace",
    abstract: "Put another vocabulary in a base's place: its layers, and a table for other pieces.",
    discussion: """
      The layers stay, every piece gets a row that is made of old ones, and special tokens keep theirs. Text is cut otherwise from
      then on, in all languages, so the base has to be trained again ('koine pretrain', 'koine align').

      --vocabulary is a folder with the tokenizer of an encoder, a tokenizer.json, a vocab.txt, or a unigram SentencePiece .model,
      which gets XLM-R's special tokens and ids. Pieces of different kinds are compared by their text and by whether a word
      begins with them. Where positions count from the padding piece, as in XLM-R, its id must not move.

      \(InitializationOptions.help)

      The output is a base as any other; rows.tsv in it says what each row was made of.

      Examples:
        koine base replace --vocabulary de.model --output bases/e5-de
        koine base replace --vocabulary tokenizers/de --initialization focus --input de.txt.gz --output bases/e5-de
      """)

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    help: ArgumentHelp(
      "The new vocabulary: a tokenizer's folder or file, or a .model.", valueName: "folder or file")
  )
  var vocabulary: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "focus: text of the new language: files of lines, tables, patterns with {lang}.",
      valueName: "files"))
  var input: [String] = []

  @OptionGroup var rows: InitializationOptions

  @Option(help: ArgumentHelp("The folder for the new base.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp("What becomes of bytes that are not UTF-8.", valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  @Flag(help: "Print what was made as one JSON document.")
  var json = false

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    if rows.initialization == .focus, input.isEmpty {
      throw ValidationError(
        "--initialization focus needs --input, text of the new language to learn from")
    }
    if rows.initialization != .focus, !input.isEmpty {
      throw ValidationError(
        "--input belongs to --initialization focus, found \(rows.initialization.rawValue)")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.replace() }
  }

  private func replace() throws {
    let folder = URL(fileURLWithPath: output)
    try BaseModels.check(
      place: folder, base: base,
      beside: [vocabulary, (vocabulary as NSString).deletingLastPathComponent])
    let source = input.isEmpty ? nil : try TrainingSource(input, invalid: invalid)
    let place = URL(fileURLWithPath: vocabulary)
    let stages = try Tokenizer.named(vocabulary).configuration.encoderStages()
    let encoder = try BaseModels.encoder(base) { Terminal.log($0) }
    let initialization = try rows.make(text: source, threads: engine.threads)
    let change = try VocabularyChange(
      replacing: encoder.tokenizer, rows: encoder.vocabularySize, by: Tokenizer(stages))
    let summary = try Engine.withThreads(1) {
      try RevisedBase(encoder, change, by: initialization, tokenizer: place) {
        Terminal.update($0)
      }.write(to: folder, seed: rows.seed)
    }
    Terminal.endUpdates()
    try RevisedBaseReport(summary, nil, rows, output).tell(json: json)
  }
}
