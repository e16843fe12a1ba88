// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords

struct SubwordsExtendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extend",
    abstract: "Add a language to a vocabulary in use, without moving an id.",
    discussion: """
      New pieces are learned of --input and stand behind the old ones, so an embedding matrix keeps its rows and gets
      new ones. Pieces that would change how --old-text is cut are given up; give text of the languages in use there.
      The new pieces become a pack in OUTPUT's .tiers.json, behind those of the model's own.

      A unigram tokenizer.json is extended behind all its ids, <mask> and other added tokens included. A directory with
      XLM-R's sentencepiece.bpe.model, which has no place behind <mask>, is extended as the tokenizer.json with the same ids.
      BPE and WordPiece vocabularies are refused: new pieces would change how old text is cut.

      Examples:
        koine subwords extend --model out/all.model --input kin.txt --old-text 'data/{lang}/train.tsv' \\
          --vocab_size 2000 --name kin_Latn --output out/all+kin.model
        koine subwords extend --model xlm-roberta-base/tokenizer.json --input kin.txt --allow-changes --name kin_Latn \\
          --output out/tokenizer.json
      """)

  @Option(
    help: ArgumentHelp(
      "The vocabulary: a unigram .model or tokenizer.json, or a directory that holds one.",
      valueName: "file"))
  var model: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Text of the new language, as for train.", valueName: "files"))
  var input: [String] = []

  @Option(
    name: .spm("old-text"), parsing: .upToNextOption,
    help: ArgumentHelp("Text whose segmentation must not change.", valueName: "files"))
  var oldText: [String] = []

  @Flag(
    name: .spm("allow-changes"),
    help: "Keep pieces that change how old text is cut; changes in --old-text are told.")
  var allowChanges = false

  @Option(name: .spm("vocab_size"), help: "How many pieces to add at most.")
  var vocabSize = 2000

  @Option(
    name: .spm("character_coverage"),
    help: "The share of the new text's characters that become pieces.")
  var characterCoverage: Float = 0.9995

  @Option(help: "The name of the pack; the language of --input unless given.")
  var name: String?

  @Option(
    help: ArgumentHelp(
      "The .model or .json to write, as --model is; .tiers.json beside it, and .vocab beside a .model.",
      valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Memory to stay below, as 800MB or 2GB.", valueName: "size"))
  var memory = ByteSize(bytes: 1_000_000_000)

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp("What becomes of bytes that are not UTF-8.", valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  func validate() throws {
    guard !input.isEmpty else {
      throw ValidationError("--input is missing: name at least one file")
    }
    guard threads > 0, vocabSize > 0 else {
      throw ValidationError("--threads and --vocab_size must be at least 1")
    }
    guard allowChanges || !oldText.isEmpty else {
      throw ValidationError(
        "--old-text is missing: name text of the languages in use, so that no piece changes how it is cut, "
          + "or give --allow-changes")
    }
  }

  func run() throws {
    let base = try UnigramVocabulary(model)
    try base.check(output: output)
    try base.checkExtension()
    let pieces = try base.pieces
    let tiers = try VocabularyTiers(beside: URL(fileURLWithPath: model), pieces: pieces)
    let text = try self.text(input, base)
    let old = oldText.isEmpty ? nil : try self.text(oldText, base)
    var extender = VocabularyExtender(pieceCount: vocabSize)
    extender.threads = threads
    let result = try base.extended(
      by: extender, with: text, keeping: allowChanges ? nil : old, reporting: old
    ) { Terminal.update($0) }
    Terminal.endUpdates()
    let name = name ?? text.languages.map(\.name).filter { !$0.isEmpty }.joined(separator: "+")
    try write(
      result.model, tiers ?? VocabularyTiers(core: pieces.count, packs: [], pieces: pieces),
      name.isEmpty ? "extension" : name, text)
    report(result)
  }

  private func text(_ files: [String], _ base: UnigramVocabulary) throws -> TrainingText {
    let text = try base.text(
      characterCoverage: characterCoverage, memory: memory.bytes / 2, threads: threads)
    try TrainingSource(files, invalid: invalid).add(to: text)
    return text
  }

  private func write(
    _ extended: UnigramVocabulary, _ tiers: VocabularyTiers, _ name: String, _ text: TrainingText
  ) throws {
    let url = URL(fileURLWithPath: output)
    let folder = url.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var tiers = tiers
    let languages = text.languages.map(\.name).filter { !$0.isEmpty }
    tiers.append(
      name, languages: languages.isEmpty ? [name] : languages, pieces: try extended.pieces)
    try tiers.write(beside: url)
    try extended.write(to: url)
    guard case .sentencePiece(let model) = extended else { return }
    try model.writeVocabulary(to: url.deletingPathExtension().appendingPathExtension("vocab"))
  }

  private func report(_ result: VocabularyExtender.Result<UnigramVocabulary>) {
    let (before, after) = result.tokens
    let saved = before > 0 ? Double(before - after) / Double(before) * 100 : 0
    Terminal.log(
      "\(result.added) pieces added, \(result.givenUp.count) given up; the new text takes \(after) tokens "
        + "instead of \(before) (\((saved.magnitude * 10).rounded() / 10) % \(saved < 0 ? "more" : "fewer")), "
        + "\(result.unknown.after) of them unknown instead of \(result.unknown.before)")
    guard !oldText.isEmpty else { return }
    let count = result.changed.reduce(0) { $0 + $1.count }
    Terminal.log(
      "old text: \(result.changed.count) words are cut otherwise (\(count) times)"
        + (result.changed.isEmpty ? "" : ", most often:"))
    for (word, count) in result.changed.prefix(20) { Terminal.log("  \(count)\t\(word)") }
  }
}
