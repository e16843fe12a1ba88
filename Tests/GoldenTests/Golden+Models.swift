// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

extension Golden {
  /// Outputs, loss, every gradient and a ten-step trajectory of each model.
  @Suite(.serialized, .enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct Models {
    /// Folders with a model; the others hold adapters.
    static let allNames = Golden.directories("models").map(\.lastPathComponent)
      .filter { $0 != "adapters" && !Adapters.loras.contains($0) }
    static let sequenceNames = allNames.filter(isSequence)
    static let names = allNames.filter { !isSequence($0) }

    /// Whether a fixture is an encoder-decoder, by its configuration.
    private static func isSequence(_ name: String) -> Bool {
      guard let folder = Golden.folder?.appendingPathComponent("models/\(name)") else {
        return false
      }
      let file = try? ConfigurationFile(contentsOf: folder.appendingPathComponent("config.json"))
      return file?.modelType.map(ModelFamilies.sequences.contains) ?? false
    }

    @Test("a model gives the reference's outputs, loss, gradients and trajectory", arguments: names)
    func matchesReference(name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run {
        let model = try GoldenModel(folder)
        try model.checkOutputs()
        try model.checkGradients()
        try model.checkTrajectory()
      }
    }

    @Test("padding changes no result", arguments: names)
    func paddingChangesNothing(name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run { try GoldenModel(folder).checkRowsAlone() }
    }

    @Test(
      "an encoder-decoder gives the reference's outputs, loss, gradients and trajectory",
      arguments: sequenceNames)
    func sequencesMatchReference(name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run {
        let model = try GoldenSequenceModel(folder)
        try model.checkOutputs()
        try model.checkGradients()
        try model.checkTrajectory()
      }
    }

    @Test("an encoder-decoder writes what the reference writes", arguments: sequenceNames)
    func sequencesWriteAlike(name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run { try GoldenSequenceModel(folder).checkGeneration() }
    }
  }
}
