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

      Examples:
        koine subwords extend --model out/all.model --input kin.txt --old-text 'data/{lang}/train.tsv' \\
          --vocab_size 2000 --name kin_Latn --output out/all+kin.model
      """)

  @Option(help: ArgumentHelp("The vocabulary: a SentencePiece unigram .model.", valueName: "file"))
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
    help: ArgumentHelp("The .model to write; .vocab and .tiers.json beside it.", valueName: "file"))
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
    let base = try SentencePieceModel.reading(model)
    let tiers = try base.tiers(beside: model)
    let text = try self.text(input, base)
    let old = oldText.isEmpty ? nil : try self.text(oldText, base)
    var extender = VocabularyExtender(pieceCount: vocabSize)
    extender.threads = threads
    let result = try extender.extend(
      base, with: text, keeping: allowChanges ? nil : old, reporting: old
    ) { Terminal.log($0) }
    let name = name ?? text.languages.map(\.name).filter { !$0.isEmpty }.joined(separator: "+")
    try write(result, base, tiers, name.isEmpty ? "extension" : name, text)
    report(result)
  }

  private func text(_ files: [String], _ base: SentencePieceModel) throws -> TrainingText {
    var specification = base.trainer
    specification.characterCoverage = characterCoverage
    specification.maximumSentenceLength = max(1 << 20, specification.maximumSentenceLength)
    let text = try TrainingText(
      specification, normalizer: base.normalizer, memory: memory.bytes / 2, threads: threads)
    try TrainingSource(files, invalid: invalid).add(to: text)
    return text
  }

  private func write(
    _ result: VocabularyExtender.Result, _ base: SentencePieceModel, _ tiers: VocabularyTiers?,
    _ name: String, _ text: TrainingText
  ) throws {
    let url = URL(fileURLWithPath: output)
    let folder = url.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var tiers =
      tiers ?? VocabularyTiers(core: base.pieces.count, packs: [], pieces: base.pieces)
    let languages = text.languages.map(\.name).filter { !$0.isEmpty }
    tiers.append(
      name, languages: languages.isEmpty ? [name] : languages, pieces: result.model.pieces)
    try tiers.write(beside: url)
    try result.model.write(to: url)
    try result.model.writeVocabulary(
      to: url.deletingPathExtension().appendingPathExtension("vocab"))
  }

  private func report(_ result: VocabularyExtender.Result) {
    let (before, after) = result.tokens
    let saved = before > 0 ? Double(before - after) / Double(before) * 100 : 0
    Terminal.log(
      "\(result.added) pieces added, \(result.givenUp.count) given up; the new text takes \(after) tokens "
        + "instead of \(before) (\((saved * 10).rounded() / 10) % fewer), "
        + "\(result.unknown.after) of them unknown instead of \(result.unknown.before)")
    guard !oldText.isEmpty else { return }
    let count = result.changed.reduce(0) { $0 + $1.count }
    Terminal.log(
      "old text: \(result.changed.count) words are cut otherwise (\(count) times)"
        + (result.changed.isEmpty ? "" : ", most often:"))
    for (word, count) in result.changed.prefix(20) { Terminal.log("  \(count)\t\(word)") }
  }
}

extension SentencePieceModel {
  /// The model in a file.
  static func reading(_ path: String) throws -> SentencePieceModel {
    guard let model = try Tokenizer.named(path).configuration.sentencePiece else {
      throw CorpusError(
        .format, "this vocabulary is not SentencePiece's", expected: "a .model file",
        hint: "ids of tokenizer.json and vocab.txt cannot be marked as unused", at: path)
    }
    return model
  }

  /// The tiers beside a model; nil where there are none.
  func tiers(beside path: String) throws -> VocabularyTiers? {
    try VocabularyTiers(beside: URL(fileURLWithPath: path), pieces: pieces)
  }
}
