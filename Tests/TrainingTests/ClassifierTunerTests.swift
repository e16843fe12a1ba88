// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

/// What a tuner makes of text that lies in several regions of the space.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct ClassifierTunerTests {
  private static func encoder(_ world: TinyWorld) async throws -> URL {
    let folder = world.folder
    return try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      return folder.appendingPathComponent("base")
    }
  }

  @Test("features of a row are without the center of its own group")
  func centers() async throws {
    let world = try TinyWorld()
    let directory = try await Self.encoder(world)
    try await Compute.run {
      let encoder = try TextEncoder(directory: directory, prefix: .none)
      let rows = encoder.rows(["aa sun sea", "bb ice"])
      let vectors = try encoder.embed(rows)
      let centers = try (0..<2).map { try vectors.gathered(0, Tensor([Int64($0)])).mean([0]) }
      var configuration = TuningConfiguration.careful
      (configuration.layers, configuration.epochs, configuration.dropout) = (1, 1, 0)
      (configuration.rate, configuration.headRate, configuration.weightDecay) = (0, 0, 0)
      (configuration.languageShift, configuration.balancesClasses) = (0, false)
      let head = SoftmaxHead(
        weight: try .normal([2, encoder.width]).multiplied(by: 5), bias: try .zeros([2]))
      func loss(_ groups: [ClassifierTuner.Group], _ places: [Int]) throws -> Double {
        var epochs: [ClassifierTuner.Epoch] = []
        _ = try ClassifierTuner(encoder, configuration, groups: groups).tune(
          .init(rows: rows, labels: [0, 1], groups: places), head: head, seed: 1,
          report: { epochs.append($0) })
        return epochs[0].loss
      }
      let groups = centers.map { ClassifierTuner.Group(center: $0) }
      // Without their own vectors nothing is left of the rows, and two classes are as likely as each other.
      #expect(abs(try loss(groups, [0, 1]) - log(2)) < 1e-4)
      #expect(abs(try loss(groups, [1, 0]) - log(2)) > 1e-2)
      #expect(abs(try loss([.init(), groups[1]], [0, 1]) - log(2)) > 1e-3)
    }
  }

  @Test("a row is moved from the mean of its group to that of its destination, or stays")
  func shifts() async throws {
    let world = try TinyWorld()
    let directory = try await Self.encoder(world)
    try await Compute.run {
      let encoder = try TextEncoder(directory: directory, prefix: .none)
      // Of different lengths, so that a batch has them in another order.
      let rows = encoder.rows(["aa sun sea sand ice", "bb ice", "cc snow frost"])
      let batch = try PackedBatch(rows, for: encoder.encoder.configuration)
      // Means that say which text they are of: a row's first word.
      let means: [Int32: Double] = [rows[0][1]: 1, rows[1][1]: 10, rows[2][1]: 100]
      func mean(_ rows: [[Int32]]) throws -> Tensor? { try .full([2], means[rows[0][1]] ?? 0) }
      let shifts = try LanguageShifts(
        1, groups: [[rows[0]], [rows[1]]], destinations: [1, 0],
        others: [[rows[1]], [rows[2]]], mean)
      var generator = SystemRandomNumberGenerator()
      let states = try Tensor.zeros([batch.tokenCount, 2])
      let moved = try shifts.apply(to: states, batch, groups: [0, 1, 0], &generator)
        .elements(as: Float.self)
      var expected: [Float] = []
      for row in batch.order {
        // The first group goes to the second language, 100 - 1; the second to the first, 10 - 10.
        expected += Array(repeating: row == 1 ? 0 : 99, count: rows[row].count * 2)
      }
      #expect(moved == expected)
      let still = try LanguageShifts(
        0, groups: [[rows[0]]], destinations: [nil], others: [[rows[1]]], mean)
      #expect(
        try still.apply(to: states, batch, groups: [0, 0, 0], &generator)
          .elements(as: Float.self).allSatisfy { $0 == 0 })
    }
  }

  @Test("low-rank changes move queries and values alone, and go into the weights")
  func lowRank() async throws {
    let world = try TinyWorld()
    let directory = try await Self.encoder(world)
    try await Compute.run {
      func tuned(_ change: (inout TuningConfiguration) -> Void) throws -> (
        changed: [String], vectors: [Float], loss: [Double], count: Int
      ) {
        let encoder = try TextEncoder(directory: directory, prefix: .none)
        let before = try encoder.parameters.parameters.map {
          try $0.tensor.elements(as: Float.self)
        }
        var configuration = TuningConfiguration.lowRank
        (configuration.epochs, configuration.batchSize, configuration.rate) = (6, 2, 1e-2)
        (configuration.rank, configuration.dropout) = (2, 0)
        change(&configuration)
        let rows = encoder.rows(["aa sun sea", "aa ice frost", "bb sand sun", "bb snow ice"])
        let head = SoftmaxHead(
          weight: try .zeros([2, encoder.width]), bias: try .zeros([2]))
        var losses: [Double] = []
        let tuner = try ClassifierTuner(encoder, configuration)
        _ = try tuner.tune(
          .init(rows: rows, labels: [0, 1, 0, 1]), head: head, seed: 1,
          report: { losses.append($0.loss) })
        let after = try encoder.parameters.parameters.map { try $0.tensor.elements(as: Float.self) }
        let changed = zip(encoder.parameters.parameters, zip(before, after)).filter { $1.0 != $1.1 }
        return (
          changed.map(\.0.name), try encoder.embed(rows).elements(as: Float.self), losses,
          tuner.movingParameterCount
        )
      }
      let all = try tuned { _ in }
      #expect(all.changed.count == 4)
      #expect(all.changed.allSatisfy { $0.contains("query") || $0.contains("value") })
      #expect(all.changed.allSatisfy { $0.hasSuffix("weight") })
      // Two layers, two maps each, of two matrices of 2 × 32.
      #expect(all.count == 2 * 2 * 2 * 2 * 32)
      #expect(all.loss.last ?? 1 < (all.loss.first ?? 0) - 0.02)
      let last = try tuned { $0.layers = 1 }
      #expect(last.changed.count == 2 && last.changed.allSatisfy { $0.contains("layer.1.") })
      // All the way back is the base; half-way is half of the change.
      let none = try tuned { $0.interpolation = 0 }
      #expect(none.changed.isEmpty)
      let half = try tuned { $0.interpolation = 0.5 }
      let distance = { (a: [Float], b: [Float]) in zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }
      let (toBase, toTuned) = (
        distance(half.vectors, none.vectors), distance(half.vectors, all.vectors)
      )
      #expect(toBase > 0.1 * distance(none.vectors, all.vectors))
      #expect(toTuned > 0.1 * distance(none.vectors, all.vectors))
    }
  }
}
