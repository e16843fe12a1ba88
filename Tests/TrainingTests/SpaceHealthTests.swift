// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Training

@Suite struct SpaceHealthTests {
  @Test("languages that lie upon each other are sound, whatever is asked")
  func sound() async throws {
    try await Compute.run {
      try Engine.seed(5)
      let vectors = try Tensor.normal([60, 12]).normalized()
      let health = try SpaceHealth(vectors, vectors)
      #expect(health.alignment < 1e-6 && health.forward == 1 && health.backward == 1)
      #expect(abs(health.meanCosine) < 0.05 && health.uniformity < -3)
      #expect(health.effectiveRank > 11 && health.effectiveRank <= 12.001)
      #expect(health.count == 60)
    }
  }

  @Test("vectors that are alike show in every measure but alignment")
  func alike() async throws {
    try await Compute.run {
      let row = try Tensor([Float](repeating: 0.5, count: 4), shape: [1, 4])
      let vectors = try Tensor.concatenated([Tensor](repeating: row, count: 20))
      let health = try SpaceHealth(vectors, vectors)
      #expect(abs(health.uniformity) < 1e-5 && abs(health.meanCosine - 1) < 1e-5)
      #expect(health.effectiveRank == 1)
      // What is as near as the own one counts against it.
      #expect(health.accuracy == 0)
      let rule = CollapseRule()
      try Engine.seed(5)
      let before = try SpaceHealth(
        Tensor.normal([20, 4]).normalized(), Tensor.normal([20, 4]).normalized())
      #expect(rule.symptom(before: before, now: health)?.contains("effective rank") == true)
      #expect(rule.symptom(before: before, now: before) == nil)
    }
  }

  @Test("a target that all sources are near to is a hub")
  func hub() async throws {
    try await Compute.run {
      try Engine.seed(9)
      let sources = try Tensor.normal([60, 8]).normalized()
      let even = try SpaceHealth(sources, sources).hubness
      // Two targets are in the middle of all, others away from it.
      let mean = try sources.mean([0], keeping: true).normalized()
      let middle = try Tensor.concatenated([mean, mean])
      let rest = try sources.narrowed(0, start: 2, length: 58)
        .subtracting(mean.multiplied(by: 0.5)).normalized()
      let shifted = try sources.adding(mean).normalized()
      let hubs = try SpaceHealth(shifted, Tensor.concatenated([middle, rest])).hubness
      #expect(hubs > even + 0.5, "\(even) \(hubs)")
    }
  }

  @Test("fewer than two pairs are refused")
  func few() async throws {
    try await Compute.run {
      let one = try Tensor.normal([1, 4])
      #expect(throws: TrainingError.self) { try SpaceHealth(one, one) }
    }
  }
}
