// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized, .timeLimit(.minutes(60)))
struct FrozenStatesTests {
  @Test("states that were kept are those of the body, feature by feature, in any batch")
  func equalsBody() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: home)
      let base = try TextEncoder(directory: home.appendingPathComponent("base"), prefix: .none)
      let task = TextRetrieval()
      let rows = RowEncoder(base)
      let pairs = [
        ("sun", "sea sand sun"), ("ice snow frost", "aa"), ("bb", "cc sun ice"), ("a b", "sea"),
      ]
      let features = try pairs.enumerated().flatMap { number, pair in
        try task.features(of: .init(pair.0, pair.1), gold: number, rows)
      }
      let frozen = try #require(try FrozenStates(features, base.encoder))
      for examples in [[0, 1, 2, 3], [3, 1], [2]] {
        let batch = try TaskBatch(
          examples.map { features[$0] }, for: base.encoder.configuration)
        let kept = try frozen.states(examples, batch.packed).elements(as: Float.self)
        let own = try GradientMode.disabled { try base.encoder(batch.packed) }
          .elements(as: Float.self)
        #expect(kept.count == own.count)
        #expect(zip(kept, own).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
    withExtendedLifetime(world) {}
  }
}
