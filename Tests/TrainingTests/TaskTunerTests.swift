// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

/// Tuning by each method, on a tiny body and a toy task: what is warm and what is cold.
@Suite(.serialized, .timeLimit(.minutes(60))) struct TaskTunerTests {
  private struct Killed: Error {}

  private static let methods: [(String, TuningMethod)] = {
    var lora = LoRAConfiguration()
    lora.dropout = 0.1
    var narrow = BottleneckConfiguration.pfeiffer
    narrow.reductionFactor = 4
    narrow.dropout = 0.1
    return [
      ("head", .head), ("body", .body), ("lora", .adapter(.lora(lora))),
      ("bottleneck", .adapter(.bottleneck(narrow))),
      (
        "ia3",
        .adapter(
          .rescaling(
            LinearSelection(["key", "value", "intermediate.dense"]), inputs: LinearSelection([])))
      ),
    ]
  }()

  private static func examples(_ count: Int, _ seed: Int) -> [LabelledExample<[String], [String]>] {
    let words = [
      ("sun", "W"), ("sea", "W"), ("sand", "W"), ("ice", "C"), ("snow", "C"), ("aa", "O"),
    ]
    return (0..<count).map { row in
      let chosen = (0..<(3 + row % 4)).map { words[($0 * 5 + row * 7 + seed) % words.count] }
      return LabelledExample(chosen.map(\.0), chosen.map(\.1))
    }
  }

  private static func plan() -> TrainingPlan {
    var plan = TrainingPlan()
    (plan.epochs, plan.batchSize, plan.rate, plan.headRate) = (10, 8, 5e-3, 2e-2)
    (plan.checkpointInterval, plan.warmup) = (7, 0.1)
    return plan
  }

  @Compute
  private static func base(_ folder: URL) throws -> TextEncoder {
    try TinyWorld.makeModel(in: folder)
    return try TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none)
  }

  private static func task() throws -> TokenTagging {
    TokenTagging(.init(labels: try LabelSet(["C", "O", "W"])))
  }

  @Test("a task is learned by every method, and the body stays where it should", arguments: methods)
  func learns(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.base(home)
        let task = try Self.task()
        let before = try base.parameters.bodyHash()
        let tuner = TaskTuner(task, base, method: method, Self.plan())
        let features = try task.features(Self.examples(48, 0), RowEncoder(base))
        let tuned = try tuner.tune(features, development: features)
        let test = Self.examples(20, 3)
        let answers = try tuned.predictor.predict(test.map(\.input))
        let scores = try task.scores(answers, gold: test.map(\.gold))
        #expect(scores[0].value > 0.9, "\(name): \(scores[0].value)")
        #expect(try (base.parameters.bodyHash() == before) == (method != .body))
        let losses = tuned.training.epochs.map(\.loss)
        #expect(losses.count == 10 && losses[9] < losses[0])
        #expect(tuned.training.epochs.allSatisfy { $0.developmentLoss != nil })
        let isAdapter = if case .adapter = method { true } else { false }
        #expect((tuned.adapter != nil) == isAdapter)
        if case .adapter(let kind) = method, let adapter = tuned.adapter {
          // As fresh ones begin; each of the trained ones must have moved away from there.
          try Engine.seed(Self.plan().seed)
          _ = try task.head(ParameterStore(.fresh).scope, base.encoder.configuration)
          let fresh = try base.encoder.makeAdapter(kind, name: "task")
          for (one, other) in zip(fresh.parameters, adapter.parameters) {
            #expect(
              try one.tensor.elements(as: Float.self) != other.tensor.elements(as: Float.self),
              "\(one.name)")
          }
        }
        #expect(
          isAdapter
            == (tuned.movingParameterCount > 32 * 3 + 3 && tuned.movingParameterCount < 9_000
              && method != .body))
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test(
    "a tuning that is killed goes on from its checkpoint to the same bytes", arguments: methods)
  func resumes(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    let folder = home.appendingPathComponent("checkpoints")
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func values(_ stop: Int?) throws -> [[Float]] {
          let base = try Self.base(home)
          let task = try Self.task()
          var plan = Self.plan()
          (plan.epochs, plan.averaging, plan.patience) = (4, 0.2, 3)
          let features = try task.features(Self.examples(48, 0), RowEncoder(base))
          let tuner = TaskTuner(task, base, method: method, plan)
          let tuned = try tuner.tune(
            features, development: Array(features.prefix(9)),
            checkpoints: stop == nil ? nil : folder
          ) { step, _, _ in if step == stop { throw Killed() } }
          let all =
            base.parameters.parameters + (tuned.adapter?.parameters ?? [])
            + tuned.head.parameters
          return try all.map { try $0.tensor.elements(as: Float.self) }
        }
        let expected = try values(nil)
        for stop in [5, 9, 16, 23] {
          #expect(throws: Killed.self) { _ = try values(stop) }
        }
        #expect(try values(-1) == expected, "\(name)")
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("layers that are computed again give the same bytes", arguments: methods)
  func checkpointsActivations(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func values(_ recomputes: Bool) throws -> [[Float]] {
          let base = try Self.base(home)
          let task = try Self.task()
          var plan = Self.plan()
          (plan.epochs, plan.checkpointsActivations) = (2, recomputes)
          let features = try task.features(Self.examples(24, 0), RowEncoder(base))
          let tuned = try TaskTuner(task, base, method: method, plan).tune(features)
          let all =
            base.parameters.parameters + (tuned.adapter?.parameters ?? [])
            + tuned.head.parameters
          return try all.map { try $0.tensor.elements(as: Float.self) }
        }
        let (again, kept) = (try values(true), try values(false))
        #expect(again == kept, "\(name)")
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a language's adapter stays as it is below the task's")
  func stacks() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.base(home)
        let task = try Self.task()
        let language = try base.encoder.makeAdapter(.bottleneck(.language), name: "aa")
        let before = try language.parameters.map { try $0.tensor.elements(as: Float.self) }
        let (_, method) = Self.methods[3]
        let tuner = TaskTuner(
          task, base, method: method, below: .single(language), Self.plan())
        let features = try task.features(Self.examples(48, 0), RowEncoder(base))
        let tuned = try tuner.tune(features)
        let after = try language.parameters.map { try $0.tensor.elements(as: Float.self) }
        #expect(before == after)
        let test = Self.examples(20, 3)
        let answers = try tuned.predictor.predict(test.map(\.input))
        #expect(try task.scores(answers, gold: test.map(\.gold))[0].value > 0.9)
      }
    }
    withExtendedLifetime(world) {}
  }
}
