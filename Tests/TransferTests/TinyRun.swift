// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Torch

@testable import Transfer

/// Runs of recipes over a tiny world.
enum TinyRun {
  /// Runs a recipe on one thread, into the world's folder `out`.
  static func run(
    _ world: TinyWorld, _ recipe: Recipe, log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TransferRun.Summary {
    let folder = world.folder
    return try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      return try Engine.withThreads(1) {
        try TransferRun(recipe, output: folder.appendingPathComponent("out"), log: log).execute()
      }
    }
  }
}
