// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Transfer

struct RankSourcesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank-sources",
    abstract: "Rank the languages that could teach a target language a task, and say why.",
    discussion: """
      Sources are LANGUAGE=FILE, a path with {lang} in it, or a folder of LANGUAGE/train.tsv, with a label for each text. Of the \
      target only text is read. What counts most is how often a classifier that is learnt on a source's text, on the frozen base, agrees \
      with those of all sources together on the target's text; then how near the sentences lie, and what URIEL+ says of the two languages. \
      Without labels (--no-labels) text, base and typology decide, which tells less.

      Typology is fetched from the Python package index the first time (urielplus); --no-typology ranks without.

      --probe measures the first candidates on labelled text of the target (--development) and says whether the ranking holds.

      Examples:
        koine rank-sources --target mlt_Latn=malti.txt --sources data/sib200 --label-column category
        koine rank-sources --target mlt_Latn=malti.txt --sources eng_Latn=en.tsv arb_Arab=ar.tsv ita_Latn=it.tsv --json
        koine rank-sources --target mlt_Latn=dev.tsv --sources 'data/{lang}/train.tsv' --probe --development dev.tsv
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The candidates' labelled text.", valueName: "language=file"))
  var sources: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The target's text, or several targets'; a column of labels in it is not read.",
      valueName: "language=file"))
  var target: [String]

  @Option(
    help: ArgumentHelp("Take these of the candidates only, between commas.", valueName: "languages")
  )
  var only: String?

  @Flag(help: "Rank by text, base and typology alone.")
  var noLabels = false

  @Flag(help: "Rank without typology.")
  var noTypology = false

  @Option(help: ArgumentHelp("The column or key of the text.", valueName: "name"))
  var textColumn = "text"

  @Option(help: ArgumentHelp("The column or key of the label.", valueName: "name"))
  var labelColumn = "label"

  @Option(
    help: "The base encoder: a name, a model directory, or vectors:DIRECTORY. (default: e5-small)")
  var base: String?

  @Option(help: "What precedes each text, as E5 models want it. (default: query)")
  var prefix: TextPrefix?

  @Flag(help: "Compute with weights of 8 bits: much faster, a little less exact.")
  var int8 = false

  @Option(help: "The language one would take anyway: what agrees less is a risk.")
  var baseline = "en"

  @Option(help: ArgumentHelp("Rows of each language to look at.", valueName: "count"))
  var sample = 1000

  @Option(
    help: ArgumentHelp("Candidates to print, and to probe. (default: all)", valueName: "count"))
  var limit: Int?

  @Flag(help: "Measure the candidates on --development.")
  var probe = false

  @Option(help: ArgumentHelp("Labelled text of the target, for --probe.", valueName: "file"))
  var development: String?

  @Flag(help: "Print a JSON object for each target instead of tables.")
  var json = false

  @Option(help: "Seeds the probe's intervals and test.")
  var seed: UInt64 = 1

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !sources.isEmpty, !target.isEmpty else {
      throw ValidationError("--sources and --target must name files")
    }
    guard sample > 0 else { throw ValidationError("--sample must be at least 1, found \(sample)") }
    if let limit, limit < 1 {
      throw ValidationError("--limit must be at least 1, found \(limit)")
    }
    guard probe == (development != nil) else {
      throw ValidationError(
        probe
          ? "--probe asks for --development FILE, labelled text of the target"
          : "--development is for --probe; add it")
    }
    if probe, noLabels { throw ValidationError("--probe and --no-labels exclude each other") }
    _ = try LanguageTag(baseline)
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.rank() }
  }

  private func rank() throws {
    let (candidates, targets) = try texts()
    if probe, targets.count > 1 {
      throw ValidationError("--probe is for one target, found \(targets.count)")
    }
    var ranking = SourceRanking(encoder: try encoder(), typology: try typology())
    ranking.rowLimit = sample
    ranking.baseline = baseline
    let pool = try ranking.pool(candidates) { Terminal.log($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for (number, target) in targets.enumerated() {
      var result = try ranking.rank(pool, target: target) { Terminal.log($0) }
      if let development {
        var reader = reader
        reader.requiresLabel = true
        let text = try SourceFiles(reader: reader).text(
          LanguageFile((development as NSString).expandingTildeInPath, language: target.language))
        try ranking.probe(
          &result, development: text, count: limit ?? candidates.count, seed: seed)
      }
      if let limit { result.ranked = Array(result.ranked.prefix(limit)) }
      guard json else {
        Terminal.write((number > 0 ? "\n" : "") + SourceRankingTable(result).text)
        continue
      }
      Terminal.write(String(decoding: try encoder.encode(result), as: UTF8.self) + "\n")
    }
  }

  private var reader: ExampleReader {
    var reader = ExampleReader()
    (reader.textColumn, reader.labelColumn) = (textColumn, labelColumn)
    return reader
  }

  /// The candidates' text and the targets'.
  private func texts() throws -> (sources: [SourceText], targets: [SourceText]) {
    var unlabelled = reader
    unlabelled.requiresLabel = false
    var reader = reader
    reader.requiresLabel = !noLabels
    let targets = try SourceFiles.files(target)
    var files = try SourceFiles.files(sources)
    if let only {
      let wanted = try only.split(separator: ",").map { try LanguageTag(String($0)) }
      let found = files.compactMap { try? LanguageTag($0.language ?? "") }
      if let missing = wanted.first(where: { !found.contains($0) }) {
        throw CorpusError(
          .language, "there is no candidate of a language in --only", found: missing.description)
      }
      files = files.filter { file in
        (try? LanguageTag(file.language ?? "")).map(wanted.contains) ?? false
      }
    }
    return (
      try files.map { try SourceFiles(reader: reader).text($0) },
      try targets.map { try SourceFiles(reader: unlabelled).text($0) }
    )
  }

  private func encoder() throws -> any SentenceEncoder {
    let directory = try BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }
    if let prefix, prefix != .none, SentenceEncoders.isStatic(directory) {
      throw ValidationError("--prefix is for E5 models; word vectors take a text as it is")
    }
    return try SentenceEncoders.open(
      directory, prefix: prefix ?? .query, isQuantized: int8)
  }

  private func typology() throws -> TypologyTable? {
    guard !noTypology else { return nil }
    do {
      return try UrielPlus.table { Terminal.log($0) }
    } catch var error as CorpusError {
      error.hint = "\(error.hint.map { "\($0); or " } ?? "")rank without it: --no-typology"
      throw error
    }
  }
}
