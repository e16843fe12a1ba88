// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

extension KoineCommand {
  /// The command line, with options added that the environment sets and the line does not.
  ///
  /// `KOINE_THREADS=1` stands for `--threads 1` wherever a command has that option. Options that may be repeated are
  /// left to the line, and so are names that belong to the program as a whole (`KOINE_CACHE`, `KOINE_GOLDENS`).
  static func argumentsWithEnvironment() -> [String] {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let environment = ProcessInfo.processInfo.environment.filter {
      $0.key.hasPrefix("KOINE_") && !$0.value.isEmpty
    }
    guard !environment.isEmpty, !arguments.contains("--help"), !arguments.contains("-h"),
      var command = description
    else { return arguments }
    // Down to the command that the line names; what follows its name is its own.
    var isNamed = false
    for argument in arguments {
      guard let next = command.subcommands?.first(where: { $0.commandName == argument }) else {
        break
      }
      command = next
      isNamed = true
    }
    guard isNamed else { return arguments }
    var added: [String] = []
    for option in command.arguments ?? [] where option.kind == "option" && !option.isRepeating {
      let names = (option.names ?? []).filter { $0.kind == "long" }.map(\.name)
      // What the line says of a model is not to be contradicted by what the environment says of a base.
      let rivals = names.contains { ["model", "base"].contains($0) } ? ["model", "base"] : names
      let isOnLine = rivals.contains { name in
        arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
      }
      guard !isOnLine else { continue }
      for name in names {
        let key =
          "KOINE_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
        guard let value = environment[key] else { continue }
        added += ["--\(name)", value]
        break
      }
    }
    // Before a terminator, behind which everything is a file.
    let end = arguments.firstIndex(of: "--") ?? arguments.count
    return arguments[..<end] + added + arguments[end...]
  }

  /// What the parser itself says of the commands and their options.
  private static var description: CommandDescription? {
    struct Tool: Decodable { let command: CommandDescription }
    return try? JSONDecoder().decode(Tool.self, from: Data(_dumpHelp().utf8)).command
  }
}

/// A command, as the argument parser describes it.
private struct CommandDescription: Decodable {
  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }
    let kind: String
    let names: [Name]?
    let isRepeating: Bool
  }
  let commandName: String
  let subcommands: [CommandDescription]?
  let arguments: [Argument]?
}
