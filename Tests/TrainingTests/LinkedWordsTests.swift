// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

/// Contrast of words that belong together.
@Suite(.serialized, .timeLimit(.minutes(60))) struct LinkedWordsTests {
  private let world: TinyWorld

  init() throws { world = try TinyWorld() }

  private func withBase<Value: Sendable>(
    _ body: @escaping @Compute @Sendable (TextEncoder) throws -> Value
  ) async throws -> Value {
    let folder = world.folder
    return try await Compute.run {
      try Engine.withThreads(1) { try body(LanguageFixture.base(folder)) }
    }
  }

  private static let links = [(source: 0, target: 0), (1, 1), (2, 2)]

  private static func rows(
    _ pairs: [AlignmentPair], _ base: TextEncoder, limit: Int? = nil
  ) -> AlignmentRows {
    AlignmentRows(
      pairs, RowEncoder(base, maximumLength: limit), prefix: "", links: pairs.map { _ in links })
  }

  @Test("words are tokens of their rows, and a word of the source is the same in every sentence")
  func tokens() async throws {
    try await withBase { base in
      let pairs = AlignmentFixture.pairs(12, languages: ["doubled"])
      let rows = Self.rows(pairs, base)
      let linked = try #require(rows.words)
      #expect(linked.targets.count == rows.count && linked.sources.count == rows.count)
      let encoder = RowEncoder(base)
      for (number, pair) in pairs.enumerated() {
        let (source, target) = (
          AlignmentRows.words(of: pair.source), AlignmentRows.words(of: pair.target)
        )
        #expect(linked.targets[number].count == 3)
        for word in 0..<3 {
          let place = linked.places[linked.sources[number][word]]
          let row = rows.sources[place.source]
          #expect(Array(row[place.tokens]) == encoder.pieces(of: source)[word])
          let tokens = linked.targets[number][word]
          #expect(Array(rows.pairs[number].target[tokens]) == encoder.pieces(of: target)[word])
        }
      }
      // Six different words, each in many sentences.
      #expect(Set(linked.words) == Set(0..<6))
      #expect(linked.places.count > 6 && linked.words.count == linked.places.count)
      // Words behind the end of a row have no part in it.
      let short = try #require(Self.rows(pairs, base, limit: 4).words)
      #expect(short.targets.allSatisfy { $0.count < 3 })
      #expect(AlignmentFixture.rows(pairs, base).words == nil)
      // A word that is longer than a row is cut, as a text would be.
      let long = AlignmentPair("sun sea", String(repeating: "sun", count: 20), language: "x")
      let cut = AlignmentRows(
        [long], RowEncoder(base, maximumLength: 6), prefix: "", links: [[(source: 0, target: 0)]])
      #expect(cut.count == 1 && cut.pairs[0].target.count == 6)
      #expect(cut.words?.targets == [[1..<5]])
    }
  }

  @Test("vectors of words are means of their states, of length one")
  func pooling() async throws {
    try await withBase { base in
      let rows: [[Int32]] = [[2, 5, 6, 7, 3], [2, 8, 3]]
      let batch = try PackedBatch(rows, for: base.encoder.configuration)
      let states = try base.encoder(batch)
      let vectors = try #require(
        try WordPooling.vectors(states, batch, [(0, 1..<3), (1, 1..<2), (0, 3..<4)]))
      #expect(vectors.shape == [3, base.width])
      for (place, (row, tokens)) in [(0, 1..<3), (1, 1..<2), (0, 3..<4)].enumerated() {
        let expected = try states.narrowed(
          0, start: batch.firstTokens[row] + tokens.lowerBound, length: tokens.count
        ).mean([0]).reshaped([1, -1]).normalized()
        let difference = try vectors.narrowed(0, start: place, length: 1).subtracting(expected)
        #expect(try difference.power(2).sum().item() < 1e-9)
      }
      #expect(try WordPooling.vectors(states, batch, []) == nil)
      // By the frozen body, in the order that they were asked for.
      let places = [LinkedWords.Place(source: 1, tokens: 1..<2), .init(source: 0, tokens: 1..<3)]
      let pivots = try #require(try PivotVectors.words(rows, places, base))
      let order = try vectors.gathered(0, Tensor([Int64(1), 0]))
      #expect(try pivots.subtracting(order).power(2).sum().item() < 1e-8)
    }
  }

  /// How often a target's word is nearest to its partner, among all of the sentences' words.
  private static func found(_ rows: AlignmentRows, _ body: Encoder, _ base: TextEncoder) throws
    -> Double
  {
    let linked = try #require(rows.words)
    let pivots = try #require(try PivotVectors.words(rows.sources, linked.places, base))
    return try GradientMode.disabled {
      let batch = try PackedBatch(rows.pairs.map(\.target), for: body.configuration)
      let words = linked.targets.enumerated().flatMap { row, spans in
        spans.map { (row: row, tokens: $0) }
      }
      let vectors = try #require(try WordPooling.vectors(body(batch), batch, words))
      let nearest = try vectors.matmul(pivots.transposed()).argmax(1).elements(as: Int64.self)
      let gold = linked.sources.joined().map { linked.words[$0] }
      return Double(zip(nearest, gold).count { linked.words[Int($0)] == $1 }) / Double(gold.count)
    }
  }

  @Test("words of sentences that were not learned from find their partners better than before")
  func learns() async throws {
    try await withBase { base in
      let rows = Self.rows(AlignmentFixture.pairs(60, languages: ["backward"]), base)
      let others = Self.rows(AlignmentFixture.pairs(20, from: 100, languages: ["backward"]), base)
      var settings = AlignmentTuner.Settings()
      settings.objective.terms = [AlignmentTerm(.words, temperature: 0.1)]
      var plan = AlignmentFixture.plan()
      plan.epochs = 20
      let before = try Self.found(others, base.encoder, base)
      let tuned = try AlignmentTuner(
        base, method: .adapter(.bottleneck(.language)), plan, settings
      ).tune(rows)
      let after = try Self.found(others, tuned.body, base)
      #expect(after > before + 0.3 && after > 0.7, "\(before) \(after)")
    }
  }

  @Test("pairs of which nobody has said what belongs together are refused")
  func refuses() async throws {
    try await withBase { base in
      var settings = AlignmentTuner.Settings()
      settings.objective.terms = [AlignmentTerm(.contrastive), AlignmentTerm(.words)]
      let rows = AlignmentFixture.rows(AlignmentFixture.pairs(20), base)
      let method = TuningMethod.adapter(.lora(LoRAConfiguration()))
      let error = try #require(throws: TrainingError.self) {
        try AlignmentTuner(base, method: method, AlignmentFixture.plan(), settings).tune(rows)
      }
      #expect(error.message.contains("'words'"))
    }
  }
}
