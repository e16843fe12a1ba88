// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized) struct LanguageModelTunerTests {
  private struct Killed: Error {}

  private static let methods: [(name: String, method: TuningMethod)] = [
    ("head", .head), ("body", .body), ("lora", .adapter(.lora(LoRAConfiguration()))),
    ("language", .adapter(.bottleneck(.language))),
  ]

  @Test("text is learned by every method, and only what should moves", arguments: methods)
  func learns(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let hash = try base.parameters.bodyHash()
        let words = try base.encoder.wordEmbeddings.elements(as: Float.self)
        let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
        let others = try LanguageRows(LanguageFixture.lines(12, 1), RowEncoder(base))
        let tuned = try LanguageModelTuner(base, method: method, LanguageFixture.plan())
          .tune(rows, development: others)
        let (before, after) = (try #require(tuned.course.before), try #require(tuned.course.after))
        #expect(after.loss < before.loss * 0.9, "\(name): \(before.loss) \(after.loss)")
        #expect(after.count == before.count && after.perplexity < before.perplexity)
        let losses = tuned.course.training.epochs.map(\.loss)
        #expect(losses.count == 12 && losses[11] < losses[0])
        #expect(try (base.parameters.bodyHash() == hash) == (method != .body))
        #expect(tuned.course.rowCount == 48 && tuned.course.tokenCount == rows.tokenCount * 12)
        #expect(tuned.head.isFresh)
        // Rows of pieces that do not occur stay as they are.
        let moved = try base.encoder.wordEmbeddings.elements(as: Float.self)
        let width = base.encoder.configuration.hiddenSize
        let changed = Set((0..<words.count).filter { moved[$0] != words[$0] }.map { $0 / width })
        let occurring = Set(rows.rows.joined().map(Int.init) + [40])
        #expect(
          method == .body ? !changed.isEmpty && changed.isSubset(of: occurring) : changed.isEmpty)
        let bias = try tuned.model.bias.elements(as: Float.self)
        #expect(Set(bias.indices.filter { bias[$0] != 0 }).isSubset(of: occurring))
        #expect(bias.contains { $0 != 0 })
        if let adapter = tuned.adapter {
          #expect(adapter.bodyHash == hash)
          try Engine.seed(LanguageFixture.plan().seed)
          _ = try LanguageModelHead(of: base)
          guard case .adapter(let kind) = method else { return }
          let fresh = try base.encoder.makeAdapter(kind, name: "language")
          for (one, other) in zip(fresh.parameters, adapter.parameters) {
            #expect(
              try one.tensor.elements(as: Float.self) != other.tensor.elements(as: Float.self),
              "\(one.name)")
          }
        }
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a head that is not to move stays, and the adapter learns under it")
  func keepsHead() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
        var plan = LanguageFixture.plan()
        plan.epochs = 1
        let head = try LanguageModelTuner(base, method: .head, plan).tune(rows).head
        let before = try LanguageFixture.values(head.store.parameters)
        var settings = LanguageModelTuner.Settings()
        settings.movesHead = false
        let tuned = try LanguageModelTuner(
          base, method: .adapter(.bottleneck(.language)), LanguageFixture.plan(), settings
        ).tune(rows, development: rows, head: head)
        #expect(try LanguageFixture.values(head.store.parameters) == before)
        #expect(tuned.course.movingParameterCount == tuned.adapter?.parameterCount)
        #expect(tuned.course.after?.loss ?? 9 < tuned.course.before?.loss ?? 0)
        #expect {
          try LanguageModelTuner(base, method: .head, LanguageFixture.plan(), settings).tune(
            rows, head: head)
        } throws: { "\($0)".contains("neither the head") }
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test(
    "a training that is killed goes on from its checkpoint to the same bytes", arguments: methods)
  func resumes(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    let folder = home.appendingPathComponent("checkpoints")
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func values(_ stop: Int?) throws -> [[Float]] {
          let base = try LanguageFixture.base(home)
          var plan = LanguageFixture.plan()
          (plan.epochs, plan.averaging, plan.patience) = (4, 0.2, 3)
          var settings = LanguageModelTuner.Settings()
          settings.anchorWeight = 1
          let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
          let others = try LanguageRows(LanguageFixture.lines(9, 2), RowEncoder(base))
          let tuned = try LanguageModelTuner(base, method: method, plan, settings).tune(
            rows, development: others, checkpoints: stop == nil ? nil : folder
          ) { step, _, _ in if step == stop { throw Killed() } }
          // What was killed last went on from a checkpoint, and did not begin again.
          #expect(stop == nil || tuned.course.training.resumedAt > 0, "\(name)")
          return try LanguageFixture.values(
            base.parameters.parameters + (tuned.adapter?.parameters ?? [])
              + tuned.head.store.parameters)
        }
        let expected = try values(nil)
        for stop in [5, 9, 16, 23] { #expect(throws: Killed.self) { _ = try values(stop) } }
        #expect(try values(-1) == expected, "\(name)")
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("scores among some pieces are those that the whole model gives them")
  func restricted() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        try Engine.seed(8)
        let whole = try LanguageModelHead(of: base).model(base)
        let adapter = try base.encoder.makeAdapter(.bottleneck(.language), name: "a")
        let model = try whole.adapted(by: .single(adapter))
        let rows: [[Int32]] = [[0, 5, 8, 9, 40, 2], [0, 12, 2]]
        let pieces = PieceSubset(in: rows)
        let small = try model.restricted(to: pieces)
        let all = try PackedBatch(rows, for: model.encoder.configuration)
        let few = try PackedBatch(pieces.renumbered(rows), for: small.encoder.configuration)
        let expected = try model.logits(model.encoder(all)).gathered(1, Tensor(pieces.ids))
        let found = try small.logits(small.encoder(few))
        #expect(found.shape == [9, pieces.ids.count])
        let difference = try found.subtracting(expected).norm().item()
        #expect(difference < 1e-4)
        // A fresh bottleneck adds nothing, a fresh invertible adapter does, before the layers and before the scores.
        let plain = try whole.logits(whole.encoder(all))
        let adapted = try model.logits(model.encoder(all))
        #expect(try plain.subtracting(adapted).norm().item() > 1e-3)
        var bare = BottleneckConfiguration.language
        bare.invertibleReductionFactor = nil
        let without = try whole.adapted(
          by: .single(base.encoder.makeAdapter(.bottleneck(bare), name: "b")))
        #expect(try plain.subtracting(without.logits(without.encoder(all))).norm().item() < 1e-4)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("where all pieces are scored, all rows of the table learn")
  func scoresAllPieces() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func changed(_ scoresAll: Bool) throws -> Int {
          let base = try LanguageFixture.base(home)
          let before = try base.encoder.wordEmbeddings.elements(as: Float.self)
          var settings = LanguageModelTuner.Settings()
          settings.scoresAllPieces = scoresAll
          var plan = LanguageFixture.plan()
          (plan.epochs, plan.weightDecay) = (1, 0)
          _ = try LanguageModelTuner(base, method: .body, plan, settings)
            .tune(LanguageRows(LanguageFixture.lines(24), RowEncoder(base)))
          let after = try base.encoder.wordEmbeddings.elements(as: Float.self)
          let width = base.encoder.configuration.hiddenSize
          return Set((0..<before.count).filter { before[$0] != after[$0] }.map { $0 / width }).count
        }
        let (all, few) = (try changed(true), try changed(false))
        #expect(all == 41 && few < 15)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a body that was trained on is written with its head, and both are read again")
  func writesBody() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let rows = try LanguageRows(LanguageFixture.lines(24), RowEncoder(base))
        var plan = LanguageFixture.plan()
        plan.epochs = 1
        let tuned = try LanguageModelTuner(base, method: .body, plan).tune(rows)
        let place = home.appendingPathComponent("continued")
        try tuned.head.write(with: base, to: place)
        let model = try EncoderCheckpoint(place).maskedLanguageModel()
        let batch = try PackedBatch(rows.rows, for: base.encoder.configuration)
        func scores(_ model: MaskedLanguageModel) throws -> [Float] {
          try GradientMode.disabled {
            try model.logits(model.encoder(batch)).elements(as: Float.self)
          }
        }
        #expect(try scores(model) == scores(tuned.model))
        let again = try TextEncoder(directory: place, prefix: .none)
        #expect(try again.parameters.bodyHash() == base.parameters.bodyHash())
        let head = try LanguageModelHead(of: again)
        #expect(!head.isFresh)
        #expect(
          try LanguageFixture.values(head.store.parameters)
            == LanguageFixture.values(tuned.head.store.parameters))
        let file = home.appendingPathComponent("head.safetensors")
        try tuned.head.write(to: file)
        let alone = try LanguageModelHead(contentsOf: file, for: base)
        #expect(
          try LanguageFixture.values(alone.store.parameters)
            == LanguageFixture.values(head.store.parameters))
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("what cannot be learned from is refused in a sentence")
  func refusals() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let encoder = RowEncoder(base)
        let tuner = LanguageModelTuner(base, method: .head, LanguageFixture.plan())
        #expect {
          try tuner.tune(LanguageRows(["", " "], encoder))
        } throws: { "\($0)".contains("2 lines, none of them with a token") }
        let maskless = try LanguageFixture.base(home, hasMask: false)
        #expect {
          try LanguageModelTuner(maskless, method: .head, LanguageFixture.plan())
            .tune(LanguageRows(["sun"], encoder))
        } throws: { "\($0)".contains("no mask token") }
      }
    }
    withExtendedLifetime(world) {}
  }
}
