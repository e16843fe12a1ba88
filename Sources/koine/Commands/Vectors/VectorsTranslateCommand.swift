// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import WordVectors

struct VectorsTranslateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Read a dictionary off two languages' vectors in one space.",
    discussion: """
      Prints source word, target word and score, tab-separated: what 'koine vectors map --dictionary' reads. With --mutual only
      pairs that are each other's best translation are kept. Without words, the commonest are translated, --count of them.

      Examples:
        koine vectors translate --source en.map.vec --target it.map.vec --mutual --count 20000 > en-it.tsv
        koine vectors translate --source en.map.vec --target it.map.vec --limit 5 water fire
      """)

  @Option(help: ArgumentHelp("The source language's vectors.", valueName: "file"))
  var source: String

  @Option(
    help: ArgumentHelp("The target language's vectors, in the same space.", valueName: "file"))
  var target: String

  @OptionGroup var retrieval: RetrievalOptions

  @Option(help: ArgumentHelp("Translations of each word.", valueName: "count"))
  var limit = 1

  @Option(
    help: ArgumentHelp(
      "Words that are translated, from the file's start; all where it is left out.",
      valueName: "count"))
  var count: Int?

  @Flag(help: "Keep only pairs that are each other's best.")
  var mutual = false

  @OptionGroup var files: VectorFileOptions

  @Argument(help: "Words to translate.")
  var words: [String] = []

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1, found \(limit)") }
    if let count, count < 1 { throw ValidationError("--count must be at least 1, found \(count)") }
  }

  func run() async throws {
    let (left, right) = (try files.table(source), try files.table(target))
    let method = retrieval.method(standard: "csls")
    let rows =
      try words.isEmpty
      ? Array(0..<min(count ?? left.count, left.count))
      : words.map { word in
        guard let row = left.words.index(of: word) else {
          throw WordVectorError(
            .data, "the word '\(word)' has no vector", hint: "name one that is in the file",
            at: source)
        }
        return row
      }
    let (threads, limit, mutual) = (files.threads, mutual ? 1 : limit, mutual)
    let found = try await TensorMatrixEngine.run(threads: threads) { engine in
      let search = try TranslationSearch(
        from: left.vectors, to: right.vectors, by: method, engine: engine, threads: threads)
      let found = try search.neighbors(of: rows, limit: limit)
      guard mutual else { return found }
      let back = try TranslationSearch(
        from: right.vectors, to: left.vectors, by: method, engine: engine, threads: threads)
      let targets = Array(Set(found.compactMap { $0.first?.index })).sorted()
      let sources = try back.neighbors(of: targets, limit: 1)
      let best = Dictionary(
        zip(targets, sources.map { $0.first?.index ?? -1 }), uniquingKeysWith: { first, _ in first }
      )
      return zip(rows, found).map { row, list in list.filter { best[$0.index] == row } }
    }
    for (row, list) in zip(rows, found) {
      for neighbor in list {
        Terminal.write(
          "\(left.words[row])\t\(right.words[neighbor.index])\t\(LexiconReport.text(Double(neighbor.score)))\n"
        )
      }
    }
  }
}
