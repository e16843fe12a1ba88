// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized, .timeLimit(.minutes(60))) struct SpanCorruptionTunerTests {
  private struct Killed: Error {}

  /// A tiny T5 with its tokenizer.
  private struct Base {
    let checkpoint: SequenceCheckpoint
    let tokenizer: Tokenizer

    @Compute
    init(_ home: URL) throws {
      try TinyWorld.makeSequenceModel(in: home)
      let folder = home.appendingPathComponent("t5")
      checkpoint = try SequenceCheckpoint(folder)
      tokenizer = try Tokenizer(contentsOf: folder)
    }

    func rows(_ count: Int, _ seed: Int = 0) throws -> LanguageRows {
      try LanguageRows(
        LanguageFixture.lines(count, seed).map { "\($0) \($0)" },
        RowEncoder(tokenizer, maximumLength: 64))
    }
  }

  private static let methods: [(name: String, method: TuningMethod)] = [
    ("body", .body), ("lora", .adapter(.lora(LoRAConfiguration()))),
  ]

  @Test("sentinels are found by their names, and their ids descend from the end")
  func sentinels() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      let base = try Base(home)
      let found = try SpanCorruption.sentinels(of: base.tokenizer)
      #expect(found == (39...46).reversed().map(Int32.init))
      // A row ends in the end's token, and no text can spell a sentinel.
      let rows = try LanguageRows(
        ["sun <extra_id_0>"], RowEncoder(base.tokenizer, maximumLength: 64))
      #expect(rows.frontLength == 0 && rows.rows[0].last == 1)
      #expect(Set(found).isDisjoint(with: rows.rows[0]))
    }
    withExtendedLifetime(world) {}
  }

  @Test("the score is the loss over all that was taken out, row by row")
  func score() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Base(home)
        let model = try base.checkpoint.model()
        let sentinels = try SpanCorruption.sentinels(of: base.tokenizer)
        let whole = try base.rows(6)
        let rows = LanguageRows(ids: whole.rows.map { $0.dropLast() }, frontLength: 0)
        let objective = SpanCorruptionObjective(model, rows, sentinels: sentinels, end: 1)
        let found = try #require(try objective.score(rows))
        // The seed of scores, written once more, so that a change of what is hidden shows.
        var generator = Shuffler(seed: 0x51ed_270b)
        var (sum, count) = (0.0, 0)
        for row in rows.rows {
          let pair = SpanCorruption().corrupted(
            row, sentinels: sentinels, end: 1, using: &generator)
          let loss = try model.loss(sources: [pair.source], labels: [pair.labels]).item()
          sum += loss * Double(pair.labels.count)
          count += pair.labels.count
        }
        #expect(found.count == count && abs(found.loss - sum / Double(count)) < 1e-4)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("text is learned, and only what should moves", arguments: methods)
  func learns(name: String, method: TuningMethod) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Base(home)
        let hash = try {
          _ = try base.checkpoint.model()
          return try base.checkpoint.store.bodyHash()
        }()
        let tuned = try SpanCorruptionTuner(
          base.checkpoint, base.tokenizer, method: method, LanguageFixture.plan()
        ).tune(base.rows(48), development: base.rows(12, 1))
        let course = tuned.course
        let (before, after) = (try #require(course.before), try #require(course.after))
        #expect(after.loss < before.loss * 0.9, "\(name): \(before.loss) \(after.loss)")
        #expect(after.count == before.count && course.rowCount == 48)
        #expect(try (base.checkpoint.store.bodyHash() == hash) == (method != .body))
        #expect((tuned.adapter == nil) == (method == .body))
        #expect(tuned.adapter?.bodyHash == (method == .body ? nil : hash))
        let text = tuned.adapter?.parameters.map(\.name) ?? []
        #expect(text.isEmpty || text.contains { $0.hasPrefix("decoder.block.1") })
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
          let base = try Base(home)
          var plan = LanguageFixture.plan()
          (plan.epochs, plan.patience) = (4, 3)
          let tuned = try SpanCorruptionTuner(
            base.checkpoint, base.tokenizer, method: method, plan
          ).tune(
            base.rows(48), development: base.rows(9, 2), checkpoints: stop == nil ? nil : folder
          ) { step, _, _ in if step == stop { throw Killed() } }
          #expect(stop == nil || tuned.course.training.resumedAt > 0)
          return try LanguageFixture.values(
            base.checkpoint.store.parameters + (tuned.adapter?.parameters ?? []))
        }
        let expected = try values(nil)
        for stop in [9, 16] { #expect(throws: Killed.self) { _ = try values(stop) } }
        #expect(try values(-1) == expected, "\(name)")
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("languages have a share of their own taken out")
  func noise() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Base(home)
        let model = try base.checkpoint.model()
        let sentinels = try SpanCorruption.sentinels(of: base.tokenizer)
        let ids = try base.rows(20).rows.map { Array($0.dropLast()) }
        func count(_ language: String) throws -> Int {
          let rows = LanguageRows(
            ids: ids, frontLength: 0, languages: Array(repeating: language, count: ids.count))
          let objective = SpanCorruptionObjective(
            model, rows, rates: ["aa": 0.5], sentinels: sentinels, end: 1)
          return try #require(try objective.score(rows)).count
        }
        #expect(try count("aa") > count("bb") * 3 / 2)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("what cannot be learned from is refused in a sentence")
  func refusals() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      let base = try Base(home)
      func refusal(_ method: TuningMethod = .body, _ rows: LanguageRows? = nil) throws -> String {
        do {
          _ = try SpanCorruptionTuner(
            SequenceCheckpoint(base.checkpoint.directory),
            Tokenizer(contentsOf: base.checkpoint.directory), method: method,
            LanguageFixture.plan()
          ).tune(rows ?? base.rows(4))
          return ""
        } catch {
          return "\(error)"
        }
      }
      let short = LanguageRows(ids: [[5, 1], [1]], frontLength: 0)
      #expect(try refusal(.body, short).contains("at least two tokens"))
      #expect(try refusal(.head).contains("no head of its own"))
      try TinyWorld.makeSequenceModel(in: home, hasSentinels: false)
      #expect(try refusal().contains("no sentinels, '<extra_id_0>'"))
    }
    withExtendedLifetime(world) {}
  }
}
