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
