// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

struct VectorsNeighborsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors",
    abstract: "Find the words nearest to a word, in its own language and in others.",
    discussion: """
      Prints a line for each neighbour: the word asked for, the file, the neighbour and the cosine, tab-separated. Words are
      arguments, or lines of standard input where there are none. A fastText model has vectors for words that it never saw.

      Examples:
        koine vectors neighbors --source en.map.vec water fire
        koine vectors neighbors --source en.map.vec --target it.map.vec --target de.map.vec water
        koine vectors neighbors --source model.bin --analogy berlin germany france
      """)

  @Option(help: ArgumentHelp("The vectors that the words are taken from.", valueName: "file"))
  var source: String

  @Option(
    help: ArgumentHelp(
      "Vectors in the same space to search; repeat it for more. Those of --source where it is left out.",
      valueName: "file"))
  var target: [String] = []

  @Option(help: ArgumentHelp("Neighbours of each word.", valueName: "count"))
  var limit = 10

  @Flag(help: "Take three words a, b, c: what is to c as a is to b, the nearest to a - b + c.")
  var analogy = false

  @Flag(help: "Print JSON, a line for each word.")
  var json = false

  @OptionGroup var files: VectorFileOptions

  @Argument(help: "Words.")
  var words: [String] = []

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1, found \(limit)") }
    if analogy, words.count != 3 {
      throw ValidationError("--analogy takes three words, found \(words.count)")
    }
  }

  private struct Found: Encodable {
    struct Near: Encodable {
      let file: String
      let word: String
      let cosine: Float
    }
    let word: String
    let neighbors: [Near]
  }

  func run() throws {
    let own = try files.table(source)
    let tables =
      try target.isEmpty
      ? [(source, own)] : target.map { ($0, $0 == source ? own : try files.table($0)) }
    for (path, table) in tables where table.dimension != own.dimension {
      throw WordVectorError(
        .argument, "the vectors differ in dimension", expected: "\(own.dimension) as in \(source)",
        found: "\(table.dimension)", hint: "bring them into one space first", at: path)
    }
    // A model knows more than its words.
    let model = try? FastTextModel(contentsOf: source)
    func vector(_ word: String) throws -> [Float] {
      if let model {
        let vector = model.vector(ofWord: word)
        if vector.contains(where: { $0 != 0 }) { return vector }
      }
      guard let vector = own.vector(of: word) else {
        throw WordVectorError(
          .data, "the word '\(word)' has no vector", hint: "name one that is in the file",
          at: source)
      }
      return vector
    }
    if analogy {
      let vectors = try words.map { try vector($0) }
      let known = Dictionary(zip(words, vectors), uniquingKeysWith: { first, _ in first })
      for (path, table) in tables {
        let near = try table.analogies(
          words[0], words[1], words[2], limit: limit, threads: files.threads
        ) { known[$0] ?? [] }
        try show(words.joined(separator: " "), near.map { (path, $0.word, $0.cosine) })
      }
      return
    }
    func answer(_ word: String) throws {
      let query = try vector(word)
      var found: [(String, String, Float)] = []
      for (path, table) in tables {
        let near = table.neighbors(
          of: query, limit: limit, excluding: path == source ? [word] : [], threads: files.threads)
        found += near.map { (path, $0.word, $0.cosine) }
      }
      try show(word, found)
    }
    if words.isEmpty {
      try TextLines("-").forEach { line, _ in if !line.isEmpty { try answer(line) } }
    } else {
      for word in words { try answer(word) }
    }
  }

  private func show(_ word: String, _ found: [(String, String, Float)]) throws {
    guard json else {
      return Terminal.write(
        found.map {
          "\(word)\t\($0.0)\t\($0.1)\t\(LexiconReport.text(Double($0.2)))\n"
        }.joined())
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Found(
      word: word, neighbors: found.map { .init(file: $0.0, word: $0.1, cosine: $0.2) })
    Terminal.write(String(decoding: try encoder.encode(line), as: UTF8.self) + "\n")
  }
}
