// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Torch
import Transfer

struct BaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "base",
    abstract:
      "Encoders: fetch, list, convert, make, trim, merge; other vocabularies for them.",
    subcommands: [
      BaseFetchCommand.self, BaseListCommand.self, BaseConvertCommand.self, BaseNewCommand.self,
      BaseTrimCommand.self, BaseExtendCommand.self, BaseReplaceCommand.self, BaseMergeCommand.self,
    ])
}

struct BaseFetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch a base into the cache, as a Hugging Face directory; prints the folder.")

  @Argument(help: "The base's name; see 'koine base list'.")
  var name: String

  func run() async throws {
    let name = name
    let folder = try await Compute.run { try BaseModels.fetch(name) { Terminal.log($0) } }
    Terminal.write(folder.path + "\n")
  }
}

struct BaseListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the bases that can be fetched and those that are there.")

  func run() throws {
    let fetched = BaseModels.fetched()
    for entry in BaseModels.known {
      let state = fetched.contains(entry.name) ? "fetched" : "not fetched"
      Terminal.write("\(entry.name)\t\(state)\t\(entry.licence)\t\(entry.summary)\n")
    }
    for name in fetched where !BaseModels.known.contains(where: { $0.name == name }) {
      Terminal.write("\(name)\tconverted\n")
    }
  }
}

struct BaseConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Check a BERT or XLM-R directory and keep a plain encoder of it under a name.")

  @Argument(help: "The model directory: config.json, safetensors, tokenizer files.")
  var directory: String

  @Option(help: "The name to keep it under.")
  var name: String

  func run() async throws {
    let (directory, name) = (directory, name)
    let folder = try await Compute.run {
      try BaseModels.convert(URL(fileURLWithPath: directory), name: name)
    }
    Terminal.write(folder.path + "\n")
  }
}
