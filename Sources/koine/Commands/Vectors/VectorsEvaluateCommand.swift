// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import Foundation
import Metrics
import WordVectors

struct VectorsEvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judge two languages' vectors in one space by a dictionary.",
    discussion: """
      Protocols: with muse a question is a distinct source word, and any of its translations will do; with xling it is a
      pair of the dictionary, read lower-cased, and its own target must be found. Pairs with a word that has no vector are no
      questions; coverage says how many are left. Every score comes with a 95 % bootstrap interval over questions.

      Retrieval: nn is the largest cosine, csls corrects for hubs with --neighbors neighbours, softmax is the inverted softmax
      with --inverse-temperature.

      --similarity adds the correlation with people's judgements of word pairs (two words and a number a line).
      --diagnostics adds hubness, how alike the spaces are in shape, and how much neighbourhoods overlap.

      Examples:
        koine vectors evaluate --source en.map.vec --target it.map.vec --dictionary test.tsv --protocol muse
        koine vectors evaluate --source en.map.vec --target it.map.vec --dictionary test.tsv --protocol xling --retrieval nn --json
      """)

  @Option(help: ArgumentHelp("The source language's vectors.", valueName: "file"))
  var source: String

  @Option(
    help: ArgumentHelp("The target language's vectors, in the same space.", valueName: "file"))
  var target: String

  @Option(help: ArgumentHelp("Pairs of words, a tab between.", valueName: "file"))
  var dictionary: String

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("What counts as a question: muse or xling.", valueName: "name"))
  var rules = "muse"

  @OptionGroup var retrieval: RetrievalOptions

  @Option(help: ArgumentHelp("Word pairs with people's judgements.", valueName: "file"))
  var similarity: String?

  @Flag(help: "Add hubness, isometry and the overlap of neighbourhoods.")
  var diagnostics = false

  @Flag(help: "Print one JSON document instead of the table.")
  var json = false

  @Option(
    help: ArgumentHelp("Replicates of the bootstrap; 0 leaves intervals out.", valueName: "count"))
  var resamples = 1000

  @Option(help: "Seeds the bootstrap.")
  var seed: UInt64 = 1

  @OptionGroup var files: VectorFileOptions

  func validate() throws {
    guard LexiconInduction.Rules(rawValue: rules) != nil else {
      throw ValidationError("--protocol must be muse or xling, found '\(rules)'")
    }
    guard (0...100_000).contains(resamples) else {
      throw ValidationError("--resamples must be from 0 to 100000, found \(resamples)")
    }
  }

  func run() async throws {
    let (left, right) = (try files.table(source), try files.table(target))
    let rules = LexiconInduction.Rules(rawValue: rules) ?? .muse
    let pairs = try VectorFileOptions.pairs(dictionary, lowercased: rules == .xling)
    let judged = try similarity.map { try VectorFileOptions.pairs($0, withScores: true) }
    let method = retrieval.method(standard: "csls")
    let (threads, neighbors, wantsMore) = (files.threads, retrieval.neighbors ?? 10, diagnostics)
    let found = try await TensorMatrixEngine.run(threads: threads) { engine in
      let search = try TranslationSearch(
        from: left.vectors, to: right.vectors, by: method, engine: engine, threads: threads)
      let result = try LexiconInduction(pairs, rules: rules).evaluate(
        search, left.words, right.words)
      guard wantsMore else { return (result, nil as DiagnosticsReport?) }
      let rows = pairs.rows(in: left.words, right.words)
      let report = DiagnosticsReport(
        hubness: SpaceDiagnostics.hubness(
          of: try search.neighbors(limit: neighbors), targets: right.count),
        isometry: try SpaceDiagnostics.isometry(
          left.vectors, right.vectors, pairs: rows, engine: engine),
        neighborhoodOverlap: try SpaceDiagnostics.neighborhoodOverlap(
          left.vectors, right.vectors, pairs: rows, neighbors: neighbors, engine: engine,
          threads: threads))
      return (result, report)
    }
    var report = try LexiconReport(
      found.0, rules: rules.rawValue, retrieval: method.name, resamples: resamples, seed: seed)
    report.space = found.1
    if let judged { report.similarity = try WordSimilarityReport(judged, left, right) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      Terminal.write(String(decoding: try encoder.encode(report), as: UTF8.self) + "\n")
    } else {
      Terminal.write(report.table)
    }
  }
}
