// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized, .timeLimit(.minutes(60))) struct LanguageSamplingTests {
  private struct Killed: Error {}

  private static let languages =
    Array(repeating: "de", count: 160) + Array(repeating: "sw", count: 10)
    + Array(repeating: "", count: 30)

  @Test(
    "a temperature evens out languages by the root of their rows, and an epoch keeps its length")
  func shares() {
    let plain = LanguageSampling(Self.languages)
    #expect(plain.names == ["de", "sw", ""] && plain.counts == [160, 10, 30])
    #expect(plain.drawnCounts == plain.counts)
    let even = LanguageSampling(Self.languages, temperature: 2)
    let roots = [160, 10, 30].map { Double($0).squareRoot() }
    let sum = roots.reduce(0, +)
    for (drawn, root) in zip(even.drawnCounts, roots) {
      #expect(abs(Double(drawn) - 200 * root / sum) <= 0.5)
    }
    let batches = even.batches(size: 16, seed: 5)
    #expect(batches.count == even.batchCount(size: 16))
    let drawn = batches.flatMap(\.self)
    for (number, name) in even.names.enumerated() {
      #expect(drawn.count { Self.languages[$0] == name } == even.drawnCounts[number])
    }
    // Of the language with little text each row about as often as any other, of the others none twice.
    let times = (160..<170).map { row in drawn.count { $0 == row } }
    #expect((times.max() ?? 0) - (times.min() ?? 0) <= 1 && (times.min() ?? 0) >= 2)
    #expect(Set(drawn.filter { $0 < 160 }).count == even.drawnCounts[0])
    #expect(
      even.batches(size: 16, seed: 5) == batches && even.batches(size: 16, seed: 6) != batches)
  }

  @Test("rows as they are come in the order of any training")
  func plain() {
    var shuffler = Shuffler(seed: 9)
    let order = shuffler.batches(200, size: 7)
    #expect(LanguageSampling(Self.languages).batches(size: 7, seed: 9) == order)
    let one = Array(repeating: "de", count: 200)
    #expect(LanguageSampling(one, temperature: 3).batches(size: 7, seed: 9) == order)
  }

  @Test("each language has as much hidden as it should")
  func noise() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        var rows = try Self.rows(base, 40, "aa")
        rows.append(try Self.rows(base, 40, "bb"))
        rows.append(try Self.rows(base, 40, ""))
        let vocabulary = try MaskingVocabulary(base.tokenizer, rows.rows, frontLength: 1)
        let model = try LanguageModelHead(of: base).model(base)
        let objective = MaskedLanguageObjective(
          model, rows, vocabulary, rates: ["aa": 1, "bb": 0.5])
        let tokens = try Self.rows(base, 40, "aa").rows.map { $0.count - 2 }
        let all = tokens.reduce(0, +)
        @Compute func hidden(_ language: String) throws -> Int {
          let part = LanguageRows(
            ids: try Self.rows(base, 40, "").rows, frontLength: 1,
            languages: Array(repeating: language, count: 40))
          return try #require(try objective.score(part)).count
        }
        #expect(try hidden("aa") == all)
        let half = Double(try hidden("bb")) / Double(all)
        let usual = Double(try hidden("")) / Double(all)
        #expect(abs(half - 0.5) < 0.05)
        // At least one of each short row.
        #expect(abs(usual - 0.2) < 0.05 && usual < 0.25)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test(
    "a training on evened out languages with their own noise says so, and is resumed to the same bytes"
  )
  func resumes() async throws {
    let world = try TinyWorld()
    let home = world.folder
    let folder = home.appendingPathComponent("checkpoints")
    try await Compute.run {
      try Engine.withThreads(1) {
        var shares: [LanguageShare] = []
        @Compute func values(_ stop: Int?, _ temperature: Double = 5) throws -> [[Float]] {
          let base = try LanguageFixture.base(home)
          var plan = LanguageFixture.plan()
          plan.epochs = 3
          var settings = LanguageModelTuner.Settings()
          (settings.temperature, settings.maskRates) = (temperature, ["bb": 0.4])
          var rows = try Self.rows(base, 60, "aa")
          rows.append(try Self.rows(base, 4, "bb"))
          let tuned = try LanguageModelTuner(
            base, method: .adapter(.lora(LoRAConfiguration())), plan, settings
          ).tune(rows, checkpoints: stop == nil ? nil : folder) { step, count, _ in
            #expect(count == 24)
            if step == stop { throw Killed() }
          }
          shares = tuned.course.languages
          #expect(stop == nil || tuned.course.training.resumedAt > 0)
          #expect(tuned.course.rowCount == 64)
          return try LanguageFixture.values(try #require(tuned.adapter).parameters)
        }
        let expected = try values(nil)
        let parts = [60.0, 4.0].map { pow($0, 0.2) }
        let drawn = parts.map { Int((64 * $0 / (parts[0] + parts[1])).rounded()) }
        #expect(
          shares == [
            LanguageShare(language: "aa", rows: 60, rowsPerEpoch: drawn[0], maskRate: 0.15),
            LanguageShare(language: "bb", rows: 4, rowsPerEpoch: drawn[1], maskRate: 0.4),
          ])
        for stop in [8, 15] { #expect(throws: Killed.self) { _ = try values(stop) } }
        #expect(try values(-1) == expected)
        #expect(try values(nil, 1) != expected)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("rates and temperatures that have no use are refused in a sentence")
  func refusals() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      let base = try LanguageFixture.base(home)
      @Compute func refusal(_ change: (inout LanguageModelTuner.Settings) -> Void) throws -> String
      {
        var settings = LanguageModelTuner.Settings()
        change(&settings)
        do {
          _ = try LanguageModelTuner(base, method: .head, LanguageFixture.plan(), settings)
            .tune(Self.rows(base, 4, "aa"))
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(try refusal { $0.maskRates = ["cc": 0.2] }.contains("no text of it"))
      #expect(try refusal { $0.maskRates = ["aa": 1.5] }.contains("at most 1, found 1.5"))
      #expect(try refusal { $0.temperature = 2 }.contains("name the languages of files"))
      #expect(try refusal { $0.temperature = 0.5 }.contains("at least 1, found 0.5"))
      #expect(
        try refusal { ($0.objective, $0.maskRates) = (.causal, ["aa": 0.2]) }
          .contains("'objective' is causal"))
    }
    withExtendedLifetime(world) {}
  }

  @Compute
  private static func rows(
    _ base: TextEncoder, _ count: Int, _ language: String
  ) throws -> LanguageRows {
    try LanguageRows(LanguageFixture.lines(count), RowEncoder(base), language: language)
  }
}
