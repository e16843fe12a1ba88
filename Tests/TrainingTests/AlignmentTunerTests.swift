// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized) struct AlignmentTunerTests {
  private struct Killed: Error {}

  private static let methods: [(name: String, method: TuningMethod, rate: Double, gain: Double)] = [
    ("body", .body, 5e-3, 0.1), ("lora", allMaps, 2e-2, 0.04),
    ("language", .adapter(.bottleneck(.language)), 5e-3, 0.1),
  ]

  /// LoRA of every linear map.
  private static var allMaps: TuningMethod {
    var choice = TuningChoice(.lora)
    choice.targets = ["all"]
    return choice.method
  }

  @Test("texts that were not learned from find their own better than before", arguments: methods)
  func learns(name: String, method: TuningMethod, rate: Double, gain: Double) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let hash = try base.parameters.bodyHash()
        let rows = AlignmentFixture.rows(AlignmentFixture.pairs(60), base)
        let others = AlignmentFixture.rows(AlignmentFixture.pairs(20, from: 100), base)
        var plan = AlignmentFixture.plan()
        plan.rate = rate
        let tuned = try AlignmentTuner(base, method: method, plan)
          .tune(rows, development: others)
        #expect(tuned.before.map(\.language) == ["backward", "doubled"])
        for (before, after) in zip(tuned.before, tuned.after) {
          #expect(
            after.health.accuracy > before.health.accuracy + gain,
            "\(name), \(after.language): \(before.health.accuracy) \(after.health.accuracy)")
          #expect(after.health.alignment < before.health.alignment)
        }
        #expect(try (base.parameters.bodyHash() == hash) == (method != .body))
        #expect((tuned.adapter?.bodyHash == hash) == (method != .body))
        let losses = tuned.training.epochs.map { $0.developmentLoss ?? .nan }
        #expect(losses.count == 12 && losses[11] < losses[0])
      }
    }
    withExtendedLifetime(world) {}
  }

  /// Parameters of an adapter after some steps.
  private static func values(
    _ home: URL, _ settings: AlignmentTuner.Settings, _ plan: TrainingPlan,
    checkpoints: URL? = nil, killedAfter limit: Int? = nil
  ) throws -> [[Float]] {
    let base = try TextEncoder(directory: home.appendingPathComponent("base"), prefix: .none)
    let pairs = AlignmentFixture.pairs(40)
    // One sentence has no words that belong together.
    let links = pairs.indices.map { $0 == 3 ? [] : [(source: 0, target: 0), (2, 2)] }
    let rows = AlignmentRows(pairs, RowEncoder(base), prefix: "", links: links)
    let method = TuningMethod.adapter(.lora(LoRAConfiguration()))
    let tuned = try AlignmentTuner(base, method: method, plan, settings).tune(
      rows, checkpoints: checkpoints,
      progress: { step, _, _ in if step == limit { throw Killed() } })
    return try (tuned.adapter?.parameters ?? []).map { try $0.tensor.elements(as: Float.self) }
  }

  /// Every term at once, so that all that a term reads is there.
  private static func settings(partSize: Int) -> AlignmentTuner.Settings {
    var settings = AlignmentTuner.Settings()
    settings.objective.terms = AlignmentTerm.Kind.allCases.map {
      AlignmentTerm($0, weight: WeightSchedule(from: 1, to: 0.5), freezesSources: false)
    }
    settings.objective.hardNegatives = 2
    settings.objective.partSize = partSize
    return settings
  }

  @Test("a batch that is computed in parts moves as one that is computed at once")
  func parts() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        _ = try LanguageFixture.base(home)
        var plan = AlignmentFixture.plan()
        plan.steps = 3
        let whole = try Self.values(home, Self.settings(partSize: 64), plan)
        let parts = try Self.values(home, Self.settings(partSize: 5), plan)
        for (one, other) in zip(whole, parts) {
          for (left, right) in zip(one, other) { #expect(abs(left - right) < 2e-5) }
        }
        // With dropout, what is drawn in a part is drawn again when gradients are made.
        plan.dropout = 0.2
        let first = try Self.values(home, Self.settings(partSize: 5), plan)
        let second = try Self.values(home, Self.settings(partSize: 5), plan)
        #expect(first == second && first != parts)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a training that was killed ends with the same bytes")
  func resumes() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        _ = try LanguageFixture.base(home)
        var plan = AlignmentFixture.plan()
        (plan.epochs, plan.dropout) = (3, 0.1)
        var settings = Self.settings(partSize: 7)
        settings.objective.sampling = PairSampling(exponent: 0.5, batching: .language)
        let whole = try Self.values(home, settings, plan)
        let folder = home.appendingPathComponent("checkpoints")
        #expect(throws: Killed.self) {
          try Self.values(home, settings, plan, checkpoints: folder, killedAfter: 8)
        }
        let resumed = try Self.values(home, settings, plan, checkpoints: folder)
        #expect(resumed == whole)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a training whose vectors become alike is stopped with the language and the symptom")
  func collapse() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        var plan = AlignmentFixture.plan()
        (plan.epochs, plan.rate, plan.dropout) = (60, 3e-2, 0.3)
        var settings = AlignmentTuner.Settings()
        settings.objective.terms = [AlignmentTerm(.agreement)]
        settings.healthInterval = 5
        let rows = AlignmentFixture.rows(AlignmentFixture.pairs(40), base)
        let others = AlignmentFixture.rows(AlignmentFixture.pairs(20, from: 100), base)
        let error = try #require(throws: TrainingError.self) {
          try AlignmentTuner(base, method: .body, plan, settings)
            .tune(rows, development: others)
        }
        #expect(error.code == .collapse, "\(error)")
        #expect(error.message.contains("backward") || error.message.contains("doubled"))
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("what cannot be is refused before anything is computed")
  func mistakes() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let rows = AlignmentFixture.rows(AlignmentFixture.pairs(4), base)
        func sentence(
          _ rows: AlignmentRows, method: TuningMethod = .body,
          _ change: (inout AlignmentTuner.Settings) -> Void = { _ in }
        ) throws -> String {
          var settings = AlignmentTuner.Settings()
          change(&settings)
          return try #require(throws: TrainingError.self) {
            try AlignmentTuner(base, method: method, AlignmentFixture.plan(), settings).tune(rows)
          }.message
        }
        #expect(try sentence(rows, method: .head).contains("no head"))
        #expect(
          try sentence(rows) {
            $0.objective.terms = [AlignmentTerm(.pivot, weight: WeightSchedule(0))]
          }
          .contains("weight above 0"))
        #expect(
          try sentence(rows) { $0.objective.terms[0].temperature = 0 }.contains("temperature"))
        #expect(try sentence(rows) { $0.freezesSources = true }.contains("adapter"))
        #expect(try sentence(rows) { $0.collapse.rankShare = 2 }.contains("rankShare"))
        let empty = AlignmentFixture.rows(
          [AlignmentPair("sun", "", language: "x"), AlignmentPair("sun", "nus", language: "x")],
          base)
        #expect(try sentence(empty).contains("found 1; 1 are empty"))
        let alike = AlignmentFixture.rows(
          [
            AlignmentPair("sun", "nus", language: "x"), AlignmentPair("sun", "ssun", language: "x"),
          ],
          base)
        #expect(try sentence(alike).contains("alike"))
      }
    }
    withExtendedLifetime(world) {}
  }
}
