// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

@Suite(.serialized) struct LanguageAdapterTests {
  @Test("a language's adapter is read again as it was, and stands below a task's")
  func standsBelow() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let rows = try LanguageRows(LanguageFixture.lines(32), RowEncoder(base))
        var plan = LanguageFixture.plan()
        plan.epochs = 2
        let tuned = try LanguageModelTuner(
          base, method: TuningChoice(.language).method, plan
        ).tune(rows)
        let adapter = try #require(tuned.adapter)
        let place = home.appendingPathComponent("aa")
        try adapter.save(to: place, prefix: "bert", baseModel: "tiny")
        let again = try Adapter(place, name: "aa")
        try again.check(body: base.parameters.bodyHash())
        let batch = try PackedBatch(rows.rows, for: base.encoder.configuration)
        func states(_ adapter: Adapter) throws -> [Float] {
          try GradientMode.disabled {
            try base.encoder.adapted(by: .single(adapter))(batch).elements(as: Float.self)
          }
        }
        #expect(try states(again) == states(adapter))

        let task = TokenTagging(.init(labels: try LabelSet(["C", "W"])))
        let examples = (0..<32).map { row -> LabelledExample<[String], [String]> in
          let words = LanguageFixture.lines(32)[row].split(separator: " ").map(String.init)
          return LabelledExample(words, words.map { $0.hasPrefix("s") && $0 != "snow" ? "W" : "C" })
        }
        plan.epochs = 10
        let narrow = TuningChoice(.pfeiffer).method
        let before = try LanguageFixture.values(again.parameters)
        let task2 = try TaskTuner(task, base, method: narrow, below: .single(again), plan)
          .tune(task.features(examples, RowEncoder(base)))
        #expect(try LanguageFixture.values(again.parameters) == before)
        let answers = try task2.predictor.predict(examples.map(\.input))
        #expect(try task.scores(answers, gold: examples.map(\.gold))[0].value > 0.9)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("an anchor keeps the vectors of texts nearer to where they were")
  func anchor() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        @Compute func cosine(_ weight: Double) throws -> Double {
          let base = try LanguageFixture.base(home)
          let rows = try LanguageRows(LanguageFixture.lines(48), RowEncoder(base))
          let before = try base.embed(rows.rows)
          var settings = LanguageModelTuner.Settings()
          settings.anchorWeight = weight
          let tuned = try LanguageModelTuner(
            base, method: .adapter(.bottleneck(.language)), LanguageFixture.plan(), settings
          ).tune(rows)
          let batch = try PackedBatch(rows.rows, for: base.encoder.configuration)
          return try GradientMode.disabled {
            let after = try base.pooling(tuned.model.encoder(batch), batch).normalized()
            return try after.multiplied(by: before).sum([1]).mean().item()
          }
        }
        let (free, held) = (try cosine(0), try cosine(5))
        #expect(held > free && held > 0.9, "\(free) \(held)")
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("an anchor alone brings a language's vectors to the source's, and nothing is guessed")
  func movesToSource() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try LanguageFixture.base(home)
        let target = try LanguageRows(
          LanguageFixture.lines(48).map { "bb \($0) bb" }, RowEncoder(base))
        let source = try LanguageRows(
          LanguageFixture.lines(40, 1).map { "aa \($0)" }, RowEncoder(base))
        var settings = LanguageModelTuner.Settings()
        (settings.anchorWeight, settings.guessWeight) = (1, 0)
        var plan = LanguageFixture.plan()
        plan.epochs = 30
        let tuned = try LanguageModelTuner(
          base, method: TuningChoice(.pfeiffer).method, plan, settings
        ).tune(target, source: source)
        let wanted = try base.embed(source.rows).mean([0])
        let before = try base.embed(target.rows).mean([0]).subtracting(wanted).norm().item()
        let batch = try PackedBatch(target.rows, for: base.encoder.configuration)
        let after = try GradientMode.disabled {
          try base.pooling(tuned.model.encoder(batch), batch).normalized().mean([0])
            .subtracting(wanted).norm().item()
        }
        #expect(after < before * 0.4, "\(before) \(after)")
        #expect(tuned.course.movingParameterCount == tuned.adapter?.parameterCount)
        let losses = tuned.course.training.epochs.map(\.loss)
        #expect(losses[29] < losses[0] && losses[29] < 0.5)
        settings.anchorWeight = 0
        #expect {
          try LanguageModelTuner(base, method: .body, plan, settings).tune(target)
        } throws: { "\($0)".contains("nothing else says what to learn") }
        settings.guessWeight = 1
        #expect {
          try LanguageModelTuner(base, method: .body, plan, settings).tune(target, source: source)
        } throws: { "\($0)".contains("only used by an anchor") }
        settings.anchorWeight = -1
        #expect {
          try LanguageModelTuner(base, method: .body, plan, settings).tune(target)
        } throws: { "\($0)".contains("at least 0") }
      }
    }
    withExtendedLifetime(world) {}
  }
}
