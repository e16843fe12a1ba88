// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords

extension TieredTrainer.Packs: ExpressibleByArgument {}

struct SubwordsTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn a vocabulary of text.",
    discussion: """
      Flags are those of spm_train, and with hyphens too; a flag that is on or off takes =true or =false. Writes
      PREFIX.model and PREFIX.vocab (wordpiece: PREFIX.txt and PREFIX.json); --tiered also PREFIX.tiers.json.
      The same text gives the same bytes for any number of threads and any memory that holds its words.

      Examples:
        koine subwords train --input text.txt.gz --model_prefix out/de --vocab_size 8000
        koine subwords train --input 'data/{lang}/train.tsv' --model_prefix out/all --vocab_size 32000
        koine subwords train --input 'data/{lang}/train.tsv' --tiered --parallel --pivot eng_Latn \\
          --model_prefix out/tiered --vocab_size 32000
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files: a sentence a line, .tsv or .jsonl, .gz or not, '-'; FILE=LANGUAGE; or a pattern with {lang}.",
      valueName: "files"))
  var input: [String] = []

  @Option(
    name: .spm("model_prefix"),
    help: ArgumentHelp("Where to write, without ending.", valueName: "path"))
  var modelPrefix: String

  @OptionGroup var trainer: TrainerOptions

  @Option(
    help: """
      How far languages are evened out, where they are named: each counts as its share to the power of 1/T. \
      1 leaves them as they are. (default: 3.3)
      """)
  var temperature: Double?

  @Flag(help: "Divide the vocabulary into a core and packs, balanced by parity (unigram only).")
  var tiered = false

  @Flag(
    help: "With --tiered: line n says the same in all languages, so that parity can be measured.")
  var parallel = false

  @Option(help: "With --tiered: the language that must not lose.")
  var pivot: String?

  @Option(help: "With --tiered: cut packs by languages or scripts.")
  var packs = TieredTrainer.Packs.languages

  @Option(
    name: .spm("language_coverage"),
    help: "With --tiered: the share of its own text that the characters cover in each language.")
  var languageCoverage: Float = 0.95

  @Option(
    help: ArgumentHelp(
      "Memory to stay below, as 800MB or 2GB; at least 256MB.", valueName: "size"))
  var memory = ByteSize(bytes: 1_000_000_000)

  /// What the process takes beside its tables, in bytes; most of it is the engine.
  private static let fixedMemory = 150_000_000

  @Option(
    name: [.customLong("threads"), .customLong("num_threads")],
    help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp("What becomes of bytes that are not UTF-8.", valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  @Flag(help: "Say nothing while it works.")
  var quiet = false

  func validate() throws {
    guard !input.isEmpty else {
      throw ValidationError("--input is missing: name at least one file")
    }
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    if let temperature, temperature < 1 {
      throw ValidationError("--temperature must be at least 1, found \(temperature)")
    }
    guard languageCoverage >= 0, languageCoverage <= 1 else {
      throw ValidationError(
        "--language_coverage must be between 0 and 1, found \(languageCoverage)")
    }
    guard !tiered || trainer.modelType == "unigram" else {
      throw ValidationError("--tiered takes --model_type unigram, found '\(trainer.modelType)'")
    }
    guard tiered || (!parallel && pivot == nil) else {
      throw ValidationError("--parallel and --pivot go with --tiered")
    }
    guard memory.bytes >= 256_000_000 else {
      throw ValidationError("--memory must be at least 256MB")
    }
  }

  func run() throws {
    let memory = memory.bytes - Self.fixedMemory
    let specification = trainer.specification(inputs: input, prefix: modelPrefix)
    let folder = URL(fileURLWithPath: modelPrefix).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text =
      trainer.modelType == "wordpiece"
      ? try TrainingText(
        bert: BertNormalizer(lowercases: trainer.normalizationRuleName.hasSuffix("_cf")),
        specification, memory: memory, threads: threads)
      : try TrainingText(
        specification, normalizer: try trainer.normalizer(), memory: memory, threads: threads)
    try TrainingSource(input, invalid: invalid).add(to: text)
    guard text.languages.contains(where: { $0.lines > 0 }) else {
      throw CorpusError(
        .format, "there is no text in it", expected: "at least one line of text",
        at: input.joined(separator: " "))
    }
    report(text)
    var trainer = SubwordTrainer(
      specification, normalizerName: self.trainer.normalizationRuleName)
    trainer.threads = threads
    trainer.memory = memory
    let weights = text.weights(temperature: temperature ?? (tiered && parallel ? 1 : 3.3))
    if self.trainer.modelType == "wordpiece" {
      let configuration = try trainer.trainWordPiece(
        text, weights: weights, lowercases: self.trainer.normalizationRuleName.hasSuffix("_cf"),
        progress: log)
      let tokenizer = try Tokenizer(configuration)
      try write(ExportFormat.vocabText.contents(for: tokenizer), to: modelPrefix + ".txt")
      try write(ExportFormat.tokenizerJSON.contents(for: tokenizer), to: modelPrefix + ".json")
    } else if tiered {
      try trainTiers(trainer, text, weights)
    } else {
      try write(trainer.train(text, weights: weights, progress: log))
    }
  }

  private func trainTiers(
    _ trainer: SubwordTrainer, _ text: TrainingText, _ weights: [Double]?
  ) throws {
    var trainer = trainer
    trainer.languageCoverage = languageCoverage
    var goal = ParityGoal()
    if parallel {
      let lines = Set(text.languages.map(\.lines))
      guard lines.count == 1 else {
        throw CorpusError(
          .format, "the languages have \(lines.min() ?? 0) to \(lines.max() ?? 0) lines",
          expected: "as many in each, since --parallel says that line n says the same",
          hint: "leave out --parallel, or check the files")
      }
      goal.contents = text.languages.map { Double($0.lines) }
    }
    if let pivot {
      guard let index = text.languages.firstIndex(where: { $0.name == pivot }) else {
        throw CorpusError(
          .language, "the pivot '\(pivot)' is not among the languages",
          expected: text.languages.prefix(8).map(\.name).joined(separator: ", ") + " …")
      }
      goal.pivot = index
    }
    trainer.parity = goal
    var tiered = TieredTrainer(trainer)
    tiered.packs = packs
    let result = try tiered.train(text, weights: weights, progress: log)
    try result.tiers.write(beside: URL(fileURLWithPath: modelPrefix + ".model"))
    try write(result.model)
    log("core: \(result.tiers.core) ids; \(result.tiers.packs.count) packs:")
    for pack in result.tiers.packs { log("  \(pack.name): \(pack.count) ids from \(pack.first)") }
  }

  private func write(_ model: SentencePieceModel) throws {
    try model.write(to: URL(fileURLWithPath: modelPrefix + ".model"))
    try model.writeVocabulary(to: URL(fileURLWithPath: modelPrefix + ".vocab"))
    log("\(modelPrefix).model: \(model.pieces.count) pieces")
  }

  private func write(_ contents: [UInt8], to path: String) throws {
    let file = try AtomicFile(path)
    try file.write(contentsOf: contents)
    try file.commit()
    log("\(path): \(contents.count) bytes")
  }

  private func report(_ text: TrainingText) {
    let (lines, bytes) = text.languages.reduce((0, 0)) { ($0.0 + $1.lines, $0.1 + $1.bytes) }
    let named = text.languages.count { !$0.name.isEmpty }
    log(
      "\(lines) lines, \(bytes) bytes" + (named > 0 ? " in \(named) languages" : ""))
  }

  private func log(_ line: String) { if !quiet { Terminal.log(line) } }
}
