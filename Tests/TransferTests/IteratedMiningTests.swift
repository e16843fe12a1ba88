// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation
import TestWorld
import Testing
import Torch
import WordVectors

@testable import Transfer

@Suite(.serialized, .timeLimit(.minutes(60))) struct IteratedMiningTests {
  private let world: TinyWorld

  init() throws { world = try TinyWorld() }

  /// What is found in each round, by the places of pairs, and how many of ten gold pairs of a development set are found right.
  private typealias Plan = [(pairs: [Int], correct: Int)]

  /// Runs a plan; returns the rounds that were mined with an adapter, their folders, and the best.
  private func run(
    _ plan: Plan, rounds: Int, isJudged: Bool = true
  ) async throws -> (adapters: [String?], best: [Int], adapter: String?, lines: [String]) {
    let folder = world.folder
    try world.write("sun sea\nice snow\nfrost\nwind sun\nsea ice\nsnow\n", "a.txt")
    try world.write(
      "bb sun sea\nbb ice snow\nbb frost\nbb wind sun\nbb sea ice\nbb snow\n", "b.txt")
    let model = world.model.path
    return try await Compute.run {
      try Engine.withThreads(1) {
        if !FileManager.default.fileExists(atPath: model) { try TinyWorld.makeModel(in: folder) }
        var settings = IteratedMining.usualSettings()
        (settings.base, settings.plan.steps) = (model, 2)
        var lines: [String] = []
        var adapters: [String?] = []
        func texts(_ name: String, _ language: String) throws -> MiningTexts {
          let path = folder.appendingPathComponent(name).path
          return try MiningTexts(
            RecordReader([path], layout: RecordLayout(path: path, fields: [])), language: language)
        }
        let best = try IteratedMining(
          settings, rounds: rounds, keptIn: folder.appendingPathComponent("work")
        ) { lines.append($0) }
        .run(texts("a.txt", "aa"), texts("b.txt", "bb")) { adapter in
          adapters.append(adapter?.lastPathComponent)
          let (pairs, correct) = plan[adapters.count - 1]
          let score = MiningScore(found: 10, gold: 10, correct: correct)
          return IteratedMining.Round(
            pairs.map { MarginMining.Pair(source: $0, target: $0, score: 1) },
            development: isJudged ? score : nil)
        }
        return (adapters, best.pairs.map(\.source), best.adapter?.lastPathComponent, lines)
      }
    }
  }

  @Test("a round that finds less of the development set is left out, with its adapter")
  func leavesOut() async throws {
    let outcome = try await run(
      [([0, 1, 2], 5), ([0, 1, 3], 7), ([1, 2, 4], 6), ([5], 9)], rounds: 4)
    #expect(outcome.adapters.count == 3)
    #expect(outcome.adapters[0] == nil)
    #expect(outcome.best == [0, 1, 3])
    #expect(outcome.adapter == outcome.adapters[1])
    #expect(outcome.adapters[1] != outcome.adapters[2])
    #expect(outcome.lines.contains { $0.contains("2 of the 3 before among them") })
  }

  @Test("rounds end where the pairs stay the same, and go on from adapters that are there")
  func ends() async throws {
    let plan: Plan = [([0, 1, 2], 5), ([0, 1, 3], 5), ([0, 1, 3], 5)]
    let first = try await run(plan, rounds: 9, isJudged: false)
    #expect(first.adapters.count == 3)
    #expect(first.best == [0, 1, 3])
    #expect(first.lines.contains { $0.contains("aligning") || $0.contains("pairs of 1 languages") })
    let again = try await run(plan, rounds: 9, isJudged: false)
    #expect(again.adapters == first.adapters)
    #expect(
      !again.lines.contains { $0.contains("pairs of 1 languages") }, "nothing is trained again")
    let alone = try await run(plan, rounds: 1)
    #expect(alone.adapters == [nil])
    #expect(alone.adapter == nil)
  }

  @Test("a round that comes to nothing is told, and loses nothing")
  func keeps() async throws {
    let few = try await run([([0], 5), ([0], 5)], rounds: 2)
    #expect(few.best == [0] && few.adapters == [nil] && few.adapter == nil)
    #expect(
      few.lines.contains { $0.contains("came to nothing") && $0.contains("at least 2 pairs") })
    let none = try await run([([0, 1, 2], 5), ([], 5)], rounds: 3, isJudged: false)
    #expect(none.best == [0, 1, 2])
    #expect(none.lines.contains { $0.contains("round 2 finds 0 pairs") })
  }
}
