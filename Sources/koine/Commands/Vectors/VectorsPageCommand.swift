// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import Foundation
import Reports
import WordVectors

struct VectorsPageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract:
      "Make a page of the space: words of all languages, each with its neighbours in every one.",
    discussion: """
      The page needs no network. Languages have colours; a word is looked up or chosen in the picture, and its neighbours in
      all languages stand beside it. A table says how far languages came together.

      Examples:
        koine vectors page --language en=en.map.vec --language it=it.map.vec --output space.html
        koine vectors page --language en=en.vectors --language de=de.vectors --words 1000 --output space.html
      """)

  @Option(
    help: ArgumentHelp(
      "A language and its vectors, in the same space as the others; repeat it.",
      valueName: "name=file"))
  var language: [String]

  @Option(help: ArgumentHelp("Write the page.", valueName: "page.html"))
  var output: String

  @Option(
    help: ArgumentHelp("Words of each language, from the start of its file.", valueName: "count"))
  var words = 2000

  @Option(help: ArgumentHelp("Neighbours of a word in each language.", valueName: "count"))
  var neighbors = 8

  @Option(help: ArgumentHelp("The page's title.", valueName: "text"))
  var title = "Word vectors"

  @OptionGroup var files: VectorFileOptions

  func validate() throws {
    guard !language.isEmpty else { throw ValidationError("--language is missing") }
    guard (1...20_000).contains(words) else {
      throw ValidationError("--words must be from 1 to 20000, found \(words)")
    }
    guard (1...50).contains(neighbors) else {
      throw ValidationError("--neighbors must be from 1 to 50, found \(neighbors)")
    }
    _ = try named()
  }

  private func named() throws -> [(name: String, path: String)] {
    var result: [(name: String, path: String)] = []
    for item in language {
      let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("--language must be name=file, found '\(item)'")
      }
      guard !result.contains(where: { $0.name == parts[0] }) else {
        throw ValidationError("--language names '\(parts[0])' twice")
      }
      result.append((parts[0], parts[1]))
    }
    return result
  }

  func run() async throws {
    let tables = try named().map { (name: $0.name, table: try files.table($0.path).prefix(words)) }
    let (limit, neighbors, threads) = (words, neighbors, files.threads)
    let picture = try await TensorMatrixEngine.run(threads: threads) { engine in
      try SpacePicture(
        tables, limit: limit, neighbors: neighbors, engine: engine, threads: threads)
    }
    let report = SpaceReport(
      title: title,
      languages: picture.languages.map { language in
        SpaceReport.Language(
          name: language.name, words: language.words, places: language.places,
          neighbors: language.neighbors.map { lists in
            lists.map { list in list.map { (index: $0.index, score: Double($0.score)) } }
          },
          mutualShares: language.mutualShares)
      }, variance: picture.variance)
    try report.write(to: URL(fileURLWithPath: output))
    Terminal.log("wrote \(output)")
  }
}
