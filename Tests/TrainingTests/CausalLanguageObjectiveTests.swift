// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized, .timeLimit(.minutes(60))) struct CausalLanguageObjectiveTests {
  private struct Killed: Error {}

  private static func settings() -> LanguageModelTuner.Settings {
    var settings = LanguageModelTuner.Settings()
    settings.objective = .causal
    return settings
  }

  /// A row as it stands, and what its places guess.
  @Test("all that stands behind the front is guessed, the end's token too")
  func targets() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      let base = try LanguageFixture.base(home)
      let model = try LanguageModelHead(of: base).model(base)
      let objective = CausalLanguageObjective(model, LanguageRows(ids: [], frontLength: 3))
      let row: [Int32] = [0, 7, 8, 9, 10, 2]
      #expect(
        objective.targets(of: row)
          == TokenTargets(ids: [0, 7, 8, 9, 10], places: [2, 3, 4], targets: [9, 10, 2]))
      #expect(objective.targets(of: [0, 7, 8]).places.isEmpty)
      // Of the first token nothing stands in front.
      let bare = CausalLanguageObjective(model, LanguageRows(ids: [], frontLength: 0))
      #expect(bare.targets(of: [5, 6]).targets == [6])
    }
    withExtendedLifetime(world) {}
  }

  @Test(
    "loss and gradients are those of each piece by itself, among all pieces or those that occur",
    arguments: [false, true])
  func direct(restricted: Bool) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        try Engine.seed(8)
        let head = try LanguageModelHead(of: base)
        let whole = try head.model(base)
        let rows: [[Int32]] = [[0, 5, 8, 9, 3, 2], [0, 12, 2], [0, 5, 5, 8, 30, 2]]
        let pieces = restricted ? PieceSubset(in: rows) : nil
        let model = try pieces.map { try whole.restricted(to: $0) } ?? whole
        let all = LanguageRows(ids: rows, frontLength: 1)
        let objective = CausalLanguageObjective(model, pieces: pieces, all)
        let parameters =
          base.parameters.parameters.map(\.tensor).filter { $0 !== base.encoder.wordEmbeddings }
          + [model.encoder.wordEmbeddings] + head.store.parameters.map(\.tensor)
        func slopes(_ body: () throws -> Tensor) throws -> (Double, [[Float]]) {
          for parameter in parameters { try parameter.setRequiresGradient() }
          let loss = try body()
          try loss.backward()
          let gradients = try parameters.map { parameter in
            let values = try parameter.gradient()?.elements(as: Float.self) ?? []
            try parameter.clearGradient()
            return values
          }
          return (try loss.item(), gradients)
        }
        let found = try slopes { try objective.loss([0, 1, 2], dropout: .none) }
        // Of each row the states of all that precedes a piece, computed for this piece alone.
        let expected = try slopes {
          var encoder = model.encoder
          encoder.isCausal = true
          var losses: [Tensor] = []
          for row in pieces?.renumbered(rows) ?? rows {
            for place in 1..<row.count {
              let before = try PackedBatch([Array(row.prefix(place))], for: encoder.configuration)
              let state = try encoder(before).narrowed(0, start: place - 1, length: 1)
              losses.append(
                try model.logits(state).crossEntropies(Tensor([Int64(row[place])])).sum())
            }
          }
          return try Tensor.stacked(losses).mean()
        }
        #expect(abs(found.0 - expected.0) < 1e-5)
        for (one, other) in zip(found.1, expected.1) {
          #expect(one.count == other.count)
          #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 })
        }
        let score = try #require(try objective.score(all))
        #expect(abs(score.loss - found.0) < 1e-5 && score.count == 12)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test(
    "a language whose words follow each other is learned by every method",
    arguments: ["head", "body", "lora"])
  func learns(name: String) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        // No mask is needed.
        let base = try LanguageFixture.base(home, hasMask: false)
        let method: TuningMethod =
          name == "head" ? .head : name == "body" ? .body : .adapter(.lora(LoRAConfiguration()))
        let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
        let others = try LanguageRows(LanguageFixture.lines(12, 1), RowEncoder(base))
        let tuned = try LanguageModelTuner(
          base, method: method, LanguageFixture.plan(), Self.settings()
        ).tune(rows, development: others)
        let (before, after) = (try #require(tuned.course.before), try #require(tuned.course.after))
        #expect(after.loss < before.loss * 0.8, "\(name): \(before.loss) \(after.loss)")
        // All but the first token of each row.
        #expect(after.count == others.tokenCount - others.rows.count)
        #expect(tuned.course.rowCount == 48)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a training that is killed goes on from its checkpoint to the same bytes")
  func resumes() async throws {
    let world = try TinyWorld()
    let home = world.folder
    let folder = home.appendingPathComponent("checkpoints")
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func values(_ stop: Int?) throws -> [[Float]] {
          let base = try LanguageFixture.base(home)
          var plan = LanguageFixture.plan()
          (plan.epochs, plan.patience) = (4, 3)
          let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
          let others = try LanguageRows(LanguageFixture.lines(9, 2), RowEncoder(base))
          let tuned = try LanguageModelTuner(base, method: .body, plan, Self.settings()).tune(
            rows, development: others, checkpoints: stop == nil ? nil : folder
          ) { step, _, _ in if step == stop { throw Killed() } }
          #expect(stop == nil || tuned.course.training.resumedAt > 0)
          return try LanguageFixture.values(
            base.parameters.parameters + tuned.head.store.parameters)
        }
        let expected = try values(nil)
        for stop in [9, 16] { #expect(throws: Killed.self) { _ = try values(stop) } }
        #expect(try values(-1) == expected)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("an anchor is refused in a sentence")
  func refusals() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      let base = try LanguageFixture.base(home)
      let rows = try LanguageRows(LanguageFixture.lines(8), RowEncoder(base))
      var settings = Self.settings()
      settings.anchorWeight = 1
      #expect {
        try LanguageModelTuner(base, method: .body, LanguageFixture.plan(), settings).tune(rows)
      } throws: { "\($0)".contains("'objective' is causal") }
    }
    withExtendedLifetime(world) {}
  }
}
