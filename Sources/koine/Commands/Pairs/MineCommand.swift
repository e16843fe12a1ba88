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
      small, time is the product of both sides (a million by a million takes hours). With --index ivf each text is compared with what
      is near it, by FAISS: a fraction of the time, a side's vectors in memory, and some pairs missed. Scripts/faiss makes it ready.

      Out comes a table, the best first: score, source_line, target_line, source, target, source_file, target_file. Texts come once; those that
      are the same on both sides are left out.

      With --rounds the pairs that are kept teach an adapter for the target's language, and the targets are mined again with it; the source, as English, is
      the language that the other is moved to. Name --tune, so that a round that finds less well is left out, or --threshold.

      With --tune or --evaluate a measurement goes to standard output, and the table only to --output. Gold pairs are two numbers of lines with a
      tab between.

      Examples:
        koine mine --source news.da=da --target news.en=en --threshold 1.06 --output pairs.tsv
        koine mine --source test.da=da --target test.en=en --tune-source dev.da=da --tune-target dev.en=en --tune dev.gold \
            --evaluate test.gold --output pairs.tsv
        koine mine --source news.en=en --target news.eu=eu --tune-source dev.en=en --tune-target dev.eu=eu --tune dev.gold \
            --rounds 3 --adapter adapters/eu --output pairs.tsv
        koine mine --source a.txt --source-vectors a.npy --target b.txt --target-vectors b.npy
        koine mine --source web.da=da --target web.en=en --index ivf --threshold 1.06 --output pairs.tsv
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

  @Option(
    help: ArgumentHelp(
      "Adapters in the encoder's layers for the source's texts, the lowest first; may be repeated.",
      valueName: "folder"))
  var sourceBelow: [String] = []

  @Option(
    help: ArgumentHelp("Adapters for the target's texts; may be repeated.", valueName: "folder"))
  var targetBelow: [String] = []

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

  @OptionGroup(title: "Mining in rounds") var iteration: MiningRoundOptions

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
    let isAdapted = !sourceBelow.isEmpty || !targetBelow.isEmpty || iteration.rounds > 1
    if sourceVectors != nil, encoder.isGiven || work.work != nil || isAdapted {
      throw ValidationError(
        "--source-vectors stand in place of an encoder, of its adapters and rounds, and of --work")
    }
    if iteration.rounds > 1 {
      guard tune != nil || threshold != nil else {
        throw ValidationError(
          "--rounds learns from the pairs that are kept; say which, by --tune or --threshold")
      }
      guard output != nil || work.work != nil else {
        throw ValidationError("--rounds keeps adapters between rounds; name --output or --work")
      }
      guard encoder.model == nil, !encoder.int8, targetBelow.isEmpty, sourceBelow.isEmpty else {
        throw ValidationError(
          "--rounds trains adapters of a base; leave out --model, --int8, --source-below and --target-below"
        )
      }
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
    try mining.miner.prepare()
    try work.withFolder(output: sourceVectors == nil ? output : nil) { folder in
      let sides = try PairSides(source, target, column: column, keepsCopies: keepCopies)
      if folder == nil, sourceVectors == nil, sides.count > 20_000 {
        Terminal.log("nothing is kept if this run is killed; name --output or --work to go on then")
      }
      try iteration.check(encoder)
      let sources = try sourceVectors == nil ? vectors(keptIn: folder, sourceBelow) : nil
      let targets =
        try sourceBelow == targetBelow ? sources : vectors(keptIn: folder, targetBelow)
      let gold = try gold(sides)
      var found = try look(sides, gold, sources, targets)
      if let encoder = sources?.encoder { EmbedCommand.tell(of: encoder) }
      if let folder, iteration.rounds > 1 {
        found = try rounds(sides, gold, sources, first: found, folder)
      }
      Terminal.log("\(found.kept.count) pairs of \(found.count) are kept")
      if let evaluate { try found.report.evaluate(evaluate, sides, found.kept) }
      let isMeasured = tune != nil || evaluate != nil
      if let output {
        let file = try AtomicFile(output)
        try sides.write(found.kept, json: json) { try file.write($0) }
        try file.commit()
      } else if !isMeasured {
        try sides.write(found.kept, json: json) { Terminal.write($0) }
      }
      if isMeasured { Terminal.write(try json ? found.report.json : found.report.table) }
    }
  }

  /// What the texts were found to have in common.
  private struct Look {
    var kept: [MarginMining.Pair]
    /// Pairs before the threshold.
    var count: Int
    var report: MiningReport
  }

  private typealias Vectors = (vectors: TextVectors, encoder: any SentenceEncoder)

  private func vectors(keptIn folder: URL?, _ below: [String]) throws -> Vectors {
    try encoder.vectors(keptIn: folder, below: LowerAdapters(below))
  }

  /// Pairs that are known, and the texts that they are of.
  private struct Gold {
    /// A development set's texts; nil for those that are mined.
    var sides: PairSides?
    var pairs: Set<MiningScore.Place>
  }

  /// What `--tune` names; nil without it.
  private func gold(_ sides: PairSides) throws -> Gold? {
    guard let tune else { return nil }
    var development: PairSides?
    if let tuneSource, let tuneTarget {
      development = try PairSides(
        tuneSource, tuneTarget, column: column, keepsCopies: keepCopies)
    }
    return Gold(sides: development, pairs: try MiningReport.gold(tune, development ?? sides))
  }

  /// Finds pairs, chooses the threshold and keeps what comes up to it.
  private func look(
    _ sides: PairSides, _ gold: Gold?, _ sources: Vectors?, _ targets: Vectors?
  ) throws -> Look {
    var report = MiningReport(threshold: threshold)
    if let gold, let development = gold.sides {
      try report.tune(gold.pairs, pairs(development, sources, targets))
    }
    let found = try pairs(sides, sources, targets)
    if let gold, gold.sides == nil { try report.tune(gold.pairs, found) }
    let least = report.threshold ?? -.infinity
    return Look(kept: found.filter { $0.score >= least }, count: found.count, report: report)
  }

  /// Mines again with adapters that learn from what was found.
  private func rounds(
    _ sides: PairSides, _ gold: Gold?, _ sources: Vectors?, first: Look, _ folder: URL
  ) throws -> Look {
    var looks: [URL?: Look] = [nil: first]
    let best = try IteratedMining(
      iteration.settings(encoder), rounds: iteration.rounds, keptIn: folder
    ) { Terminal.log($0) }
    .run(sides.source, sides.target) { adapter in
      if let adapter {
        looks[adapter] = try look(sides, gold, sources, vectors(keptIn: folder, [adapter.path]))
      }
      let look = looks[adapter] ?? first
      return IteratedMining.Round(look.kept, development: look.report.tuning)
    }
    try iteration.keep(best)
    return looks[best.adapter] ?? first
  }

  private func pairs(
    _ sides: PairSides, _ sources: Vectors?, _ targets: Vectors?
  ) throws -> [MarginMining.Pair] {
    func side(
      _ texts: MiningTexts, _ file: String?, _ vectors: Vectors?
    ) throws -> BitextMiner.Side {
      if let file { return try BitextMining.side(texts, vectors: file) }
      guard let vectors else { throw ValidationError("there is no encoder") }
      return .init(
        try vectors.vectors.vectors(of: texts.texts, language: texts.language, title: texts.name))
    }
    return try BitextMining(mining.miner, choice: mining.retrieval, threads: engine.threads) {
      Terminal.log($0)
    }.pairs(
      side(sides.source, sourceVectors, sources), side(sides.target, targetVectors, targets))
  }
}
