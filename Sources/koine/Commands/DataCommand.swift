// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Get text ready.",
    subcommands: [
      ImportCommand.self, IdentifyDataCommand.self, NormalizeDataCommand.self,
      CleanDataCommand.self,
      DeduplicateDataCommand.self, DictionaryDataCommand.self, CodeSwitchDataCommand.self,
      GlossDataCommand.self, DescribeDataCommand.self,
    ])
}

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Fetch public labelled data and write it as LANGUAGE/SPLIT.tsv with a manifest.",
    discussion: "Importers:\n"
      + Importers.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

  @Argument(help: "The importer.")
  var importer: String

  @Option(help: ArgumentHelp("The folder to write; it must not be there yet.", valueName: "folder"))
  var output: String

  @Option(help: "Seeds what is drawn and how it is split.")
  var seed: UInt64 = 1

  func run() throws {
    let importer = try Importers.named(importer, seed: seed)
    let files = FileManager.default
    guard !files.fileExists(atPath: output) else {
      throw CorpusError(
        .file, "is there already; name a new folder, or remove it first", at: output)
    }
    let output = URL(fileURLWithPath: output).standardizedFileURL.path  // no slash at the end
    let partial = output + ".partial"
    do {
      try? files.removeItem(atPath: partial)
      do {
        try files.createDirectory(atPath: partial, withIntermediateDirectories: true)
      } catch {
        throw CorpusError(
          .file, "the folder cannot be made: \(error.localizedDescription)", at: partial)
      }
      try importer.importData(to: URL(fileURLWithPath: partial)) { Terminal.log($0) }
      try files.moveItem(atPath: partial, toPath: output)
    } catch {
      try? files.removeItem(atPath: partial)
      throw error
    }
    let manifest = try ImportManifest(contentsOf: URL(fileURLWithPath: output))
    for (language, splits) in manifest.counts.sorted(by: { $0.key < $1.key }) {
      let counts = splits.sorted { $0.key < $1.key }.map { split, labels in
        "\(split) \(labels.values.reduce(0, +))"
      }
      Terminal.write("\(language)\t\(counts.joined(separator: ", "))\n")
    }
  }
}
