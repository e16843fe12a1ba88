// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Metrics
import Tasks
import Torch
import Transfer
import WordVectors

struct RetrieveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieve",
    abstract: "Rank documents of one language for queries of another.",
    discussion: """
      Queries and documents are lines of text; FILE=LANGUAGE says which language a file is in, which word vectors ask for.
      A line out for each document found: the query's line, the document's line, the score, the document.

      --evaluate measures instead: line n of the documents is what line n of the queries looks for. It prints MRR, P@1, 5 and 10 and
      F1 (MTEB's, which a document that is found for many queries lowers) in both directions, with 95 % bootstrap intervals.

      Examples:
        koine retrieve --base vectors:out/static --queries fragen.txt=de --documents docs.txt=en --limit 3
        koine retrieve --base vectors:out/static --queries dev.de=de --documents dev.en=en --evaluate --json
      """)

  @Option(
    help: "The encoder: vectors:DIRECTORY, a base's name, or a model directory. (default: e5-small)"
  )
  var base: String?

  @Option(help: "A model directory that 'koine run' made, in place of a base.")
  var model: String?

  @Option(
    help: ArgumentHelp(
      "What is looked for, a text a line; '-' is standard input.", valueName: "file"))
  var queries: String

  @Option(help: ArgumentHelp("What is searched, a text a line.", valueName: "file"))
  var documents: String

  @Option(help: ArgumentHelp("Documents for each query.", valueName: "count"))
  var limit = 5

  @Option(
    help: ArgumentHelp("What precedes queries: query, passage or none.", valueName: "prefix"))
  var queryPrefix = TextPrefix.query

  @Option(
    help: ArgumentHelp("What precedes documents: query, passage or none.", valueName: "prefix"))
  var documentPrefix = TextPrefix.passage

  @Option(
    help: ArgumentHelp(
      "An adapter of the queries' language, as 'koine align' makes them; may be repeated.",
      valueName: "folder"))
  var queryBelow: [String] = []

  @Option(
    help: ArgumentHelp(
      "An adapter of the documents' language; may be repeated.", valueName: "folder"))
  var documentBelow: [String] = []

  @OptionGroup var retrieval: RetrievalOptions

  @Flag(help: "Measure: line n of the documents belongs to line n of the queries.")
  var evaluate = false

  @Flag(help: "Write one JSON object for each query, or for the measurement.")
  var json = false

  @Option(
    help: ArgumentHelp("Replicates of the bootstrap; 0 leaves intervals out.", valueName: "count"))
  var resamples = 1000

  @Option(help: "Seeds the bootstrap.")
  var seed: UInt64 = 1

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    if base != nil, model != nil { throw ValidationError("--base and --model exclude each other") }
    guard limit > 0 else { throw ValidationError("--limit must be at least 1, found \(limit)") }
    guard (0...100_000).contains(resamples) else {
      throw ValidationError("--resamples must be from 0 to 100000, found \(resamples)")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.retrieve() }
  }

  private func retrieve() throws {
    // E5 models take what is looked for and what is searched differently.
    let asked = try side(queries, queryPrefix, queryBelow)
    let searched = try side(documents, documentPrefix, documentBelow)
    if evaluate { return try measure(asked, searched) }
    let found = try search(asked, searched).neighbors(limit: limit)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for (row, list) in found.enumerated() {
      let answers = list.map {
        Answer(document: $0.index + 1, score: $0.score, text: searched.texts[$0.index])
      }
      guard !json else {
        let line = try encoder.encode(Ranking(query: row + 1, documents: answers))
        Terminal.write(String(decoding: line, as: UTF8.self) + "\n")
        continue
      }
      Terminal.write(
        answers.map {
          "\(row + 1)\t\($0.document)\t\(LexiconReport.text(Double($0.score)))\t\($0.text)\n"
        }.joined())
    }
  }

  private func measure(_ asked: Side, _ searched: Side) throws {
    var report = RetrievalReport(
      retrieval: method.name, queries: asked.texts.count)
    let bootstrap = resamples > 0 ? try Bootstrap(resamples: resamples, seed: seed) : nil
    for (name, from, to) in [
      ("queries to documents", asked, searched), ("documents to queries", searched, asked),
    ] {
      let search = try search(from, to)
      let found = try search.neighbors(limit: 1).map { $0.first?.index ?? -1 }
      try report.add(name, RetrievalRanks(search), BitextScore(found: found), bootstrap)
    }
    if json {
      try Terminal.write(json: report, asLine: true)
    } else {
      Terminal.write(report.table)
    }
  }

  private var method: Retrieval { retrieval.method(standard: "nn") }

  private func search(_ from: Side, _ to: Side) throws -> TranslationSearch {
    try TranslationSearch(
      from: from.vectors, to: to.vectors,
      by: method,
      engine: TensorMatrixEngine(), threads: engine.threads)
  }

  /// Texts with their vectors.
  private struct Side {
    var texts: [String] = []
    var vectors: VectorMatrix
  }

  private func side(
    _ argument: String, _ prefix: TextPrefix, _ below: [String]
  ) throws -> Side {
    let files = try LanguageFile.files(for: argument)
    guard files.count == 1 else {
      throw CorpusError(.file, "expected one file, found \(files.count)", at: argument)
    }
    let encoder = try makeEncoder(prefix)
    try LowerAdapters(below).apply(to: encoder)
    if encoder is StaticEncoder, files[0].language == nil {
      Terminal.log("\(files[0].path): no language is named; each text's is told from its words")
    }
    let reading =
      try model.map { try TextClassifier.reading(of: URL(fileURLWithPath: $0)) } ?? .plain
    var texts: [String] = []
    var numbers: [Float] = []
    try TextLines(files[0].path).forEachBatch(of: 1024) { lines in
      texts += lines
      let rows = encoder.rows(try reading(lines, language: files[0].language))
      numbers += try encoder.embed(rows, language: files[0].language).elements(as: Float.self)
    }
    guard !texts.isEmpty else {
      throw CorpusError(.format, "the file has no lines", at: files[0].path)
    }
    EmbedCommand.tell(of: encoder)
    return Side(
      texts: texts,
      vectors: VectorMatrix(rows: texts.count, columns: encoder.width) { buffer in
        for index in numbers.indices { buffer[index] = numbers[index] }
      })
  }

  private func makeEncoder(_ prefix: TextPrefix) throws -> any SentenceEncoder {
    if let model {
      let directory = URL(fileURLWithPath: model)
      let description = try TextClassifier.description(of: directory)
      return try SentenceEncoders.open(
        directory, prefix: description.prefix, pooling: description.pooling,
        maximumLength: description.maximumLength)
    }
    return try SentenceEncoders.open(
      BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }, prefix: prefix)
  }

  private struct Ranking: Encodable {
    var query: Int
    var documents: [Answer]
  }

  private struct Answer: Encodable {
    var document: Int
    var score: Float
    var text: String
  }
}
