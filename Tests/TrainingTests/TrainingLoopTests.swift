// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Training

/// Lines through points: a loss whose minimum is known, with dropout that makes each step depend on chance.
private struct Line: TrainingObjective {
  let weight: Tensor
  let bias: Tensor
  let inputs: [[Float]]
  let targets: [Float]
  var development: [Double] = []
  let calls = Calls()

  final class Calls { var count = 0 }

  var exampleCount: Int { inputs.count }

  func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    let x = try Tensor(examples.flatMap { inputs[$0] }, shape: [examples.count, 2])
      .dropout(dropout.hidden)
    let y = try Tensor(examples.map { targets[$0] }, shape: [examples.count, 1])
    let difference = try x.linear(weight, bias).subtracting(y)
    return try difference.multiplied(by: difference).mean()
  }

  func developmentLoss() throws -> Double? {
    defer { calls.count += 1 }
    return calls.count < development.count ? development[calls.count] : nil
  }
}

@Suite(.serialized) struct TrainingLoopTests {
  private struct Killed: Error {}

  private func line(_ development: [Double] = []) throws -> (Line, [TrainedParameter]) {
    try Engine.seed(3)
    let weight = try Tensor([Float(0), 0], shape: [1, 2])
    let bias = try Tensor([Float(0)])
    let inputs = (0..<40).map { [Float($0 % 7) / 7, Float($0 % 5) / 5] }
    let line = Line(
      weight: weight, bias: bias, inputs: inputs, targets: inputs.map { 2 * $0[0] - $0[1] + 0.5 },
      development: development)
    return (line, [TrainedParameter("a.weight", weight), TrainedParameter("a.bias", bias)])
  }

  private func values(_ parameters: [TrainedParameter]) throws -> [[Float]] {
    try parameters.map { try $0.tensor.elements(as: Float.self) }
  }

  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("koine-loop-\(UUID().uuidString)")
  }

  @Test("a loss is brought to its minimum")
  func learns() async throws {
    try await Compute.run {
      let (line, parameters) = try line()
      var plan = TrainingPlan()
      (plan.epochs, plan.batchSize, plan.rate, plan.dropout) = (150, 8, 0.05, 0)
      let outcome = try TrainingLoop(plan, parameters: parameters).run(line)
      #expect(outcome.steps == 750 && outcome.epochs.count == 150)
      let found = try values(parameters)
      #expect(abs(found[0][0] - 2) < 0.05 && abs(found[0][1] + 1) < 0.05)
      #expect(abs(found[1][0] - 0.5) < 0.05)
    }
  }

  @Test(
    "a training that is killed at any step goes on to the very same bytes",
    arguments: [0.0, 0.4], [nil, 3])
  func resumes(averaging: Double, patience: Int?) async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Compute.run {
      let development = [0.9, 0.8, 0.7, 0.75, 0.6, 0.65, 0.66, 0.64]
      var plan = TrainingPlan()
      (plan.epochs, plan.batchSize, plan.rate, plan.dropout) = (8, 8, 0.05, 0.3)
      (plan.checkpointInterval, plan.averaging, plan.patience) = (3, averaging, patience)
      let (whole, expected) = try line(development)
      let outcome = try TrainingLoop(plan, parameters: expected).run(whole)
      for stop in [1, 4, 7, 11, 12, 25, 36, 39] {
        try? FileManager.default.removeItem(at: folder)
        let (first, killed) = try line(development)
        #expect(throws: Killed.self) {
          try TrainingLoop(plan, parameters: killed, checkpoints: folder).run(first) { step, _, _ in
            if step == stop { throw Killed() }
          }
        }
        let (second, resumed) = try line(development)
        let done = stop >= 3 ? ((stop - 1) / 3 * 3) : 0
        second.calls.count = done / 5
        let again = try TrainingLoop(plan, parameters: resumed, checkpoints: folder).run(second)
        #expect(again.resumedAt == done)
        #expect(again.epochs == outcome.epochs)
        #expect(try values(resumed) == values(expected), "killed at step \(stop)")
      }
    }
  }

  @Test("a checkpoint of another training, and one that is damaged, are refused")
  func refuses() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Compute.run {
      var plan = TrainingPlan()
      (plan.epochs, plan.checkpointInterval, plan.batchSize) = (2, 2, 8)
      let (first, parameters) = try line()
      // As a kill in the middle of writing leaves it.
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(".step-2.partial-1"), withIntermediateDirectories: true)
      #expect(throws: Killed.self) {
        try TrainingLoop(plan, parameters: parameters, checkpoints: folder).run(first) {
          step, _, _ in
          if step == 5 { throw Killed() }
        }
      }
      plan.rate *= 2
      let error = #expect(throws: TrainingError.self) {
        try TrainingLoop(plan, parameters: parameters, checkpoints: folder).run(first)
      }
      #expect(error?.message.contains("other settings") == true)
      plan.rate /= 2
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["step-4"])
      try Data("{}".utf8).write(to: folder.appendingPathComponent("step-4/training.json"))
      let damaged = #expect(throws: TrainingError.self) {
        try TrainingLoop(plan, parameters: parameters, checkpoints: folder).run(first)
      }
      #expect(damaged?.message.contains("damaged") == true)
    }
  }

  @Test("parts of a step give the step's gradient")
  func accumulates() async throws {
    try await Compute.run {
      var found: [[[Float]]] = []
      for accumulation in [1, 3] {
        let (line, parameters) = try line()
        var plan = TrainingPlan()
        (plan.epochs, plan.batchSize, plan.rate, plan.dropout) = (3, 9, 0.05, 0)
        plan.accumulation = accumulation
        try TrainingLoop(plan, parameters: parameters).run(line)
        found.append(try values(parameters))
      }
      for (one, three) in zip(found[0].joined(), found[1].joined()) {
        #expect(abs(one - three) < 1e-5)
      }
    }
  }

  @Test("training stops when development data gets no better, with the best weights")
  func stopsEarly() async throws {
    try await Compute.run {
      var plan = TrainingPlan()
      (plan.epochs, plan.batchSize, plan.patience, plan.rate, plan.dropout) = (9, 8, 2, 0.05, 0)
      plan.schedule = .constant
      let (line, parameters) = try line([0.5, 0.4, 0.45, 0.46, 0.1])
      let outcome = try TrainingLoop(plan, parameters: parameters).run(line)
      #expect(outcome.stoppedEarly && outcome.epochs.count == 4)
      plan.patience = nil
      plan.steps = 10
      let (same, expected) = try self.line()
      try TrainingLoop(plan, parameters: expected).run(same)
      // The warm-up differs with the number of steps: only that early weights came back can be told.
      #expect(try values(parameters) != [[0, 0], [0]])
      #expect(outcome.epochs[1].developmentLoss == 0.4)
    }
  }

  @Test("a loss that is no number ends training with a sentence")
  func diverges() async throws {
    try await Compute.run {
      let (line, parameters) = try line()
      var plan = TrainingPlan()
      (plan.rate, plan.schedule, plan.warmup, plan.clip, plan.epochs) = (1e30, .constant, 0, 0, 20)
      let error = #expect(throws: TrainingError.self) {
        try TrainingLoop(plan, parameters: parameters).run(line)
      }
      #expect(error?.message.contains("diverged") == true)
    }
  }

  @Test("settings that cannot be are refused by name")
  func validates() {
    var plan = TrainingPlan()
    plan.accumulation = 64
    #expect(throws: TrainingError.self) { try plan.validate() }
    plan.accumulation = 1
    plan.rate = -1
    let error = #expect(throws: TrainingError.self) { try plan.validate() }
    #expect(error?.message == "'rate' must be above 0, found -1.0")
  }
}
