// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Tasks
import Torch
import Transfer
import WordVectors

struct MineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mine",
    abstract: "Find translations among the texts of two languages.",
    discussion: """
      Each side is a text a line, or a TSV or JSONL with --column; .gz is read as it is, '-' is standard input. FILE=LANGUAGE says which
      language a file is in, which word vectors ask for. Every text is compared with every other, exactly, in blocks: memory stays
      small, time is the product of both sides (a million by a million takes hours). There is no approximate index; cut what is larger
      into parts that belong together.

      Out comes a table, the best first: score, source_line, target_line, source, target, source_file, target_file. Texts come once; those that
      are the same on both sides are left out.

      With --tune or --evaluate a measurement goes to standard output, and the table only to --output. Gold pairs are two numbers of lines with a
      tab between.

      Examples:
        koine mine --source news.da=da --target news.en=en --threshold 1.06 --output pairs.tsv
        koine mine --source test.da=da --target test.en=en --tune-source dev.da=da --tune-target dev.en=en --tune dev.gold \
            --evaluate test.gold --output pairs.tsv
        koine mine --source a.txt --source-vectors a.npy --target b.txt --target-vectors b.npy
      """)

  @Option(help: ArgumentHelp("The texts of one language.", valueName: "file"))
  var source: String

  @Option(help: ArgumentHelp("The texts of the other.", valueName: "file"))
  var target: String

  @Option(
    help: ArgumentHelp(
      "Vectors of the source's lines, as 'koine embed --output' makes them, in place of an encoder.",
      valueName: "file.npy"))
  var sourceVectors: String?

  @Option(help: ArgumentHelp("Vectors of the target's lines.", valueName: "file.npy"))
  var targetVectors: String?

  @Option(help: "The column of a TSV or key of a JSONL that holds the text. (default: text)")
  var column: String?

  @OptionGroup var encoder: SentenceEncoderOptions

  @OptionGroup var mining: MiningOptions

  @Option(help: ArgumentHelp("Keep pairs of at least this score.", valueName: "score"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Choose the threshold of the best F1 on these gold pairs, of --tune-source and --tune-target or else of the texts themselves.",
      valueName: "file"))
  var tune: String?

  @Option(help: ArgumentHelp("The development set's texts of the source.", valueName: "file"))
  var tuneSource: String?

  @Option(help: ArgumentHelp("The development set's texts of the target.", valueName: "file"))
  var tuneTarget: String?

  @Option(
    help: ArgumentHelp("Measure against these gold pairs of the texts.", valueName: "file"))
  var evaluate: String?

  @Flag(help: "Let texts take part that are the same on both sides.")
  var keepCopies = false

  @Option(help: ArgumentHelp("Write the pairs to a file.", valueName: "file"))
  var output: String?

  @OptionGroup var work: VectorWorkOptions

  @Flag(help: "Write one JSON object for each pair, or for the measurement.")
  var json = false

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    if tune != nil, threshold != nil {
      throw ValidationError("--tune and --threshold exclude each other")
    }
    guard (sourceVectors == nil) == (targetVectors == nil) else {
      throw ValidationError("--source-vectors and --target-vectors belong together")
    }
    guard (tuneSource == nil) == (tuneTarget == nil), tuneSource == nil || tune != nil else {
      throw ValidationError("--tune-source, --tune-target and --tune belong together")
    }
    if sourceVectors != nil, encoder.isGiven || work.work != nil {
      throw ValidationError("--source-vectors stand in place of an encoder and of --work")
    }
    if sourceVectors != nil, tuneSource != nil {
      throw ValidationError(
        "--tune-source needs an encoder; with vectors tune in a run of its own, and name --threshold"
      )
    }
    if source == "-", target == "-" {
      throw ValidationError("only one of --source and --target can be standard input")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.mine() }
  }

  private func mine() throws {
    try work.withFolder(output: sourceVectors == nil ? output : nil) { folder in
      let sides = try PairSides(source, target, column: column, keepsCopies: keepCopies)
      if folder == nil, sourceVectors == nil, sides.count > 20_000 {
        Terminal.log("nothing is kept if this run is killed; name --output or --work to go on then")
      }
      let vectors = sourceVectors == nil ? try encoder.vectors(keptIn: folder) : nil
      var report = MiningReport(threshold: threshold)
      if let tune, let tuneSource, let tuneTarget {
        let development = try PairSides(
          tuneSource, tuneTarget, column: column, keepsCopies: keepCopies)
        try report.tune(tune, development, pairs(development, vectors?.vectors))
      }
      let found = try pairs(sides, vectors?.vectors)
      if let encoder = vectors?.encoder { EmbedCommand.tell(of: encoder) }
      if let tune, tuneSource == nil { try report.tune(tune, sides, found) }
      let least = report.threshold ?? -.infinity
      let kept = found.filter { $0.score >= least }
      Terminal.log("\(kept.count) pairs of \(found.count) are kept")
      if let evaluate { try report.evaluate(evaluate, sides, kept) }
      let isMeasured = tune != nil || evaluate != nil
      if let output {
        let file = try AtomicFile(output)
        try sides.write(kept, json: json) { try file.write($0) }
        try file.commit()
      } else if !isMeasured {
        try sides.write(kept, json: json) { Terminal.write($0) }
      }
      if isMeasured { Terminal.write(try json ? report.json : report.table) }
    }
  }

  private func pairs(
    _ sides: PairSides, _ vectors: TextVectors?
  ) throws -> [MarginMining.Pair] {
    func side(_ texts: MiningTexts, _ file: String?) throws -> BitextMiner.Side {
      if let file { return try BitextMining.side(texts, vectors: file) }
      guard let vectors else { throw ValidationError("there is no encoder") }
      return .init(
        try vectors.vectors(of: texts.texts, language: texts.language, title: texts.name))
    }
    return try BitextMining(mining.miner, choice: mining.retrieval, threads: engine.threads) {
      Terminal.log($0)
    }.pairs(side(sides.source, sourceVectors), side(sides.target, targetVectors))
  }
}
