// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords
import Tasks
import Torch
import Transfer

struct BaseExtendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extend",
    abstract:
      "Give a base pieces of a language that it cuts badly; no old id and no old row moves.",
    discussion: """
      New pieces are learned of --input and stand behind all rows of the base's table. Text of other languages: with --old-text
      pieces that would change how it is cut are given up; without it every new piece has a letter of a script that the new
      text is in, so that text without such letters is cut as before and text in that script may be cut otherwise.
      What the base says of text that is cut as before stays the same; of text with new pieces it has to be trained
      ('koine pretrain', 'koine align'), for which the rows are a start.

      --vocabulary takes pieces that 'koine subwords extend' made of the base's tokenizer.json instead of learning them.
      BPE and WordPiece vocabularies are refused: new pieces would change how old text is cut.

      \(InitializationOptions.help)

      The output is a base as any other; rows.tsv in it says what each new row was made of, and tokenizer.tiers.json that the new
      pieces are a pack (named after the languages of --input).

      Examples:
        koine base extend --input tir.txt --pieces 2000 --output bases/e5-tir
        koine base extend --input nqo.txt --old-text 'data/{lang}/train.tsv' --initialization focus --output bases/e5-nqo
        koine base extend --input tir.txt --initialization wechsel --new-vectors tir.vec --old-vectors en.vec \\
          --dictionary tir-en.tsv --output bases/e5-tir
      """)

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder with a unigram vocabulary.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Text of the new language: files of lines, tables, patterns with {lang}.", valueName: "files")
  )
  var input: [String] = []

  @Option(help: ArgumentHelp("How many pieces to add at most (2000).", valueName: "count"))
  var pieces: Int?

  @Option(
    help: ArgumentHelp(
      "A vocabulary that goes on where the base's ends, instead of pieces learned here.",
      valueName: "file"))
  var vocabulary: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Text of languages in use, whose cutting must not change.", valueName: "files"))
  var oldText: [String] = []

  @Flag(help: "Keep pieces that change how old text is cut; changes in --old-text are counted.")
  var allowChanges = false

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
    guard !input.isEmpty || vocabulary != nil else {
      throw ValidationError(
        "--input is missing: name text of the new language, or a --vocabulary that has its pieces")
    }
    if let pieces, pieces < 1 {
      throw ValidationError("--pieces must be at least 1, found \(pieces)")
    }
    if vocabulary != nil, allowChanges || !oldText.isEmpty || pieces != nil {
      throw ValidationError(
        "--pieces, --old-text and --allow-changes belong to pieces that are learned here; 'koine subwords extend' has them for a "
          + "--vocabulary")
    }
    if vocabulary != nil, rows.initialization != .focus, !input.isEmpty {
      throw ValidationError(
        "--input beside --vocabulary belongs to --initialization focus, found \(rows.initialization.rawValue)"
      )
    }
    if rows.initialization == .focus, input.isEmpty {
      throw ValidationError(
        "--initialization focus needs --input, text of the new language to learn from")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.extend() }
  }

  private func extend() throws {
    let folder = URL(fileURLWithPath: output)
    try BaseModels.check(
      place: folder, base: base,
      beside: vocabulary.map { [$0, ($0 as NSString).deletingLastPathComponent] } ?? [])
    let source = input.isEmpty ? nil : try TrainingSource(input, invalid: invalid)
    let encoder = try BaseModels.encoder(base) { Terminal.log($0) }
    let initialization = try rows.make(text: source, threads: engine.threads)
    let learned = vocabulary == nil ? try source.map { try learn(encoder, $0) } : nil
    let new =
      try learned?.tokenizer ?? Tokenizer.named(vocabulary ?? "").configuration.listed().tokenizer
    let change = try VocabularyChange(
      extending: encoder.tokenizer, rows: encoder.vocabularySize, to: new)
    let tiers =
      try learned?.tiers
      ?? VocabularyTiers(beside: URL(fileURLWithPath: vocabulary ?? ""), pieces: new.piecesByID)
    let summary = try Engine.withThreads(1) {
      try RevisedBase(encoder, change, by: initialization, tiers: tiers) { Terminal.update($0) }
        .write(to: folder, seed: rows.seed)
    }
    Terminal.endUpdates()
    try RevisedBaseReport(summary, learned?.report, rows, output).tell(json: json)
  }

  private func learn(
    _ encoder: TextEncoder, _ source: TrainingSource
  ) throws -> ExtendedVocabulary {
    let text = try ExtendedVocabulary.text(for: encoder, threads: engine.threads)
    try source.add(to: text)
    var old: TrainingText?
    if !oldText.isEmpty {
      let text = try ExtendedVocabulary.oldText(for: encoder, threads: engine.threads)
      try TrainingSource(oldText, invalid: invalid).add(to: text)
      old = text
    }
    return try ExtendedVocabulary(
      encoder, adding: pieces ?? 2000, of: text, keeping: old, allowsChanges: allowChanges,
      threads: engine.threads
    ) { Terminal.update($0) }
  }
}

extension TokenizerConfiguration {
  /// The tokenizer of these stages.
  fileprivate var tokenizer: Tokenizer { get throws { try Tokenizer(self) } }
}
