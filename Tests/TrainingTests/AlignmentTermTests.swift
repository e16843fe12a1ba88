// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Training

@Suite struct AlignmentTermTests {
  /// Unit vectors of the plane at angles, `[angles, 2]`.
  private static func vectors(_ angles: [Double]) throws -> Tensor {
    try Tensor(angles.flatMap { [Float(cos($0)), Float(sin($0))] }, shape: [angles.count, 2])
  }

  private static func pairs(
    _ targets: [Double], _ sources: [Double], numbers: [Int]? = nil, weights: [Float]? = nil,
    negatives: [Double] = []
  ) throws -> PairVectors {
    PairVectors(
      targets: try vectors(targets), pivots: try vectors(sources),
      negatives: negatives.isEmpty ? nil : try vectors(negatives),
      weights: try Tensor(weights ?? targets.map { _ in 1 }),
      numbers: numbers ?? Array(targets.indices),
      negativeNumbers: negatives.indices.map { 100 + $0 }, spread: 0.5)
  }

  private static func value(_ kind: AlignmentTerm.Kind, _ pairs: PairVectors) throws -> Double {
    try AlignmentTerm(kind, temperature: 0.5).loss(pairs).item()
  }

  @Test("contrast is cross-entropy both ways, and hard negatives count one way")
  func contrast() async throws {
    try await Compute.run {
      let (targets, sources) = ([0.0, 1.0], [0.2, 1.5])
      func row(_ own: Double, _ others: [Double]) -> Double {
        -log(exp(own / 0.5) / ([own] + others).reduce(0) { $0 + exp($1 / 0.5) })
      }
      let cosines = targets.map { target in sources.map { cos(target - $0) } }
      let forward = row(cosines[0][0], [cosines[0][1]]) + row(cosines[1][1], [cosines[1][0]])
      let backward = row(cosines[0][0], [cosines[1][0]]) + row(cosines[1][1], [cosines[0][1]])
      let plain = try Self.value(.contrastive, Self.pairs(targets, sources))
      #expect(abs(plain - (forward + backward) / 4) < 1e-5)
      let hard = try Self.value(.contrastive, Self.pairs(targets, sources, negatives: [0.1]))
      let more =
        row(cosines[0][0], [cosines[0][1], cos(0.1)])
        + row(cosines[1][1], [cosines[1][0], cos(0.9)])
      #expect(abs(hard - (more + backward) / 4) < 1e-5)
    }
  }

  @Test("contrast of words is that of their own links, and nothing without any")
  func words() async throws {
    try await Compute.run {
      var pairs = try Self.pairs([0, 1], [0.2, 1.5])
      #expect(try Self.value(.words, pairs) == 0)
      pairs.words = .init(
        targets: try Self.vectors([0.1, 0.9, 2]), pivots: try Self.vectors([0, 1, 1.7]),
        weights: try Tensor([1, 1, 1] as [Float]), numbers: [4, 5, 6])
      let expected = try Self.value(
        .contrastive, Self.pairs([0.1, 0.9, 2], [0, 1, 1.7]))
      #expect(try abs(Self.value(.words, pairs) - expected) < 1e-6)
      pairs.words = .init(
        targets: try Self.vectors([0.1, 0.9]), pivots: try Self.vectors([0, 1]),
        weights: try Tensor([1, 1] as [Float]), numbers: [4, 4])
      #expect(try abs(Self.value(.words, pairs)) < 1e-5)
    }
  }

  @Test("pairs of one source are no negatives of each other")
  func shared() async throws {
    try await Compute.run {
      let same = try Self.value(
        .contrastive, Self.pairs([0, 0.1], [0.2, 0.2], numbers: [7, 7]))
      #expect(abs(same) < 1e-5)
    }
  }

  @Test("distances are shares of the spread, weighed by the pairs' weights")
  func pivot() async throws {
    try await Compute.run {
      let distance = 2 - 2 * cos(0.3)
      let pairs = try Self.pairs([0, 1], [0.3, 1], weights: [1.5, 0.5])
      #expect(abs(try Self.value(.pivot, pairs) - distance * 1.5 / 2 / 0.5) < 1e-5)
      // Without vectors of their own, sources and second looks are where they should be.
      #expect(try Self.value(.keep, pairs) == 0 && Self.value(.agreement, pairs) == 0)
    }
  }

  @Test("uniformity falls as targets are spread, and leaves out pairs of one source")
  func uniformity() async throws {
    try await Compute.run {
      #expect(abs(try Self.value(.uniformity, Self.pairs([1, 1], [0, 1]))) < 1e-5)
      let opposite = try Self.value(.uniformity, Self.pairs([0, .pi], [0, 1]))
      #expect(abs(opposite + 8) < 1e-4)
      let three = try Self.pairs([0, 0, .pi], [0, 0, 1], numbers: [3, 3, 4])
      #expect(abs(try Self.value(.uniformity, three) + 8) < 1e-4)
    }
  }

  @Test("decorrelation is least where dimensions go with their own")
  func decorrelation() async throws {
    try await Compute.run {
      let angles = [0.1, 1.4, 2.9, 4.0, 5.5]
      let own = try Self.value(.decorrelation, Self.pairs(angles, angles))
      let turned = try Self.value(
        .decorrelation, Self.pairs(angles.map { $0 + .pi / 2 }, angles))
      #expect(own < 0.01 && turned > 0.5)
    }
  }

  @Test("entropy is low for targets that are near one source, whichever")
  func entropy() async throws {
    try await Compute.run {
      let sure = try Self.value(.entropy, Self.pairs([.pi, 0], [0, .pi]))
      let unsure = try Self.value(.entropy, Self.pairs([.pi / 2, .pi / 2], [0, .pi]))
      #expect(abs(unsure - log(2)) < 1e-5 && sure < 0.1)
    }
  }

  @Test(
    "weights in text say where they begin and end",
    arguments: [
      ("1", 0.5, 1.0), ("1:0.1", 0, 1.0), ("1:0", 0.25, 0.75), ("0:1@0.2-0.6", 0.4, 0.5),
      ("0:1@0.2-0.6", 0.1, 0), ("0:1@0.2-0.6", 0.9, 1), ("2:1@0.5-0.5", 0.5, 2),
      ("2:1@0.5-0.5", 0.51, 1),
    ])
  func schedule(text: String, progress: Double, expected: Double) throws {
    let schedule = try #require(WeightSchedule(text))
    #expect(abs(schedule.value(at: progress) - expected) < 1e-9)
    let again = try JSONDecoder().decode(
      [WeightSchedule].self, from: JSONEncoder().encode([schedule]))
    #expect(abs(again[0].value(at: progress) - expected) < 1e-9)
  }

  @Test(
    "what is no weight is refused",
    arguments: ["", "a", "-1", "1:", "1:2:3", "1:2@", "1:2@0.5", "1:2@0.6-0.5", "1:2@0-2", "inf"])
  func notSchedules(text: String) { #expect(WeightSchedule(text) == nil) }
}
