// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Torch

/// Options of every command that computes.
struct EngineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where to compute; this build has cpu.")
  var device = "cpu"

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard device == "cpu" else {
      throw ValidationError("--device must be cpu, found '\(device)'")
    }
  }

  /// Checks the engine and gives it its threads.
  func prepare() async throws {
    try Engine.verify()
    let threads = threads
    try await Compute.run { try Engine.setThreadCount(threads) }
  }
}

extension KoineCommand {
  /// The command line, with options added that the environment sets and the line does not.
  ///
  /// `KOINE_THREADS=1` stands for `--threads 1`. Names that belong to the program as a whole
  /// (`KOINE_CACHE`, `KOINE_GOLDENS`) are no options.
  static func argumentsWithEnvironment() -> [String] {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let names = arguments.prefix { !$0.hasPrefix("-") }
    guard let command = names.first, !arguments.contains("--help"), !arguments.contains("-h") else {
      return arguments
    }
    let options: [String: [String]] = [
      "run": ["threads", "device", "output"], "data": ["seed", "output"],
      "base": [], "embed": ["threads", "device", "base", "model", "prefix", "output"],
      "classify": ["threads", "device", "model", "language"],
      "serve": [
        "threads", "device", "model", "base", "host", "port", "max-batch-tokens", "api-key",
        "max-body-bytes", "max-client-batch-size",
      ],
    ]
    let environment = ProcessInfo.processInfo.environment
    for name in options[command] ?? [] {
      let key = "KOINE_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
      // What the line says of a model is not to be contradicted by what the environment says of a base.
      let rivals = ["model", "base"].contains(name) ? ["model", "base"] : [name]
      guard let value = environment[key], !value.isEmpty,
        !rivals.contains(where: { rival in
          arguments.contains { $0 == "--\(rival)" || $0.hasPrefix("--\(rival)=") }
        })
      else { continue }
      arguments += ["--\(name)", value]
    }
    return arguments
  }
}
