// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WritingSystems

@testable import Subwords

@Suite struct TieredVocabularyTests {
  private func tiered() throws -> TieredTrainer.Result {
    let specification = TrainingSamples.specification(400)
    var trainer = SubwordTrainer(specification, normalizerName: "identity")
    trainer.parity = ParityGoal(contents: [400, 400, 400])
    return try TieredTrainer(trainer).train(try TrainingSamples.text(specification))
  }

  @Test("a core comes first, then packs one behind another, each with pieces of its languages")
  func tiers() throws {
    let result = try tiered()
    let tiers = result.tiers
    #expect(tiers.packs.map(\.name).sorted() == tiers.packs.map(\.name))
    #expect(Set(tiers.packs.map(\.name)) == ["cyr", "dev", "lat"])
    var next = tiers.core
    for pack in tiers.packs {
      #expect(pack.first == next)
      #expect(pack.languages == [pack.name])
      next += pack.count
    }
    #expect(next == result.model.pieces.count)
    let cyrillic = try #require(tiers.packs.first { $0.name == "cyr" })
    for id in cyrillic.ids {
      #expect(result.model.pieces[id].dominantScript?.code ?? "Cyrl" == "Cyrl")
    }
  }

  @Test("a language that is cut more finely gets more weight, within bounds")
  func parity() {
    let goal = ParityGoal(contents: [10, 10, 10], strength: 1, bound: 4)
    let weights = goal.weights([1, 1, 1], tokens: [10, 20, 2000], first: [])
    #expect(weights[0] < weights[1] && weights[1] < weights[2] && weights[2] <= 4)
    let pivoted = ParityGoal(contents: [10, 10], pivot: 0, pivotWeight: 0.9)
    #expect(abs(pivoted.weights([1, 1], tokens: [1, 1000], first: [])[0] - 0.9) < 1e-12)
  }

  @Test("a language is added behind the others: no id moves and old text is cut as before")
  func extend() throws {
    let specification = TrainingSamples.specification(300)
    let old = try TrainingSamples.text(specification, languages: ["lat", "cyr"])
    let base = try SubwordTrainer(specification, normalizerName: "identity").train(old)
    let new = try TrainingSamples.text(specification, languages: ["dev"])
    let result = try VocabularyExtender(pieceCount: 120).extend(
      base, with: new, keeping: old, reporting: old)
    #expect(Array(result.model.pieces.prefix(300)) == base.pieces)
    #expect(Array(result.model.scores.prefix(300)) == base.scores)
    #expect(result.added > 60 && result.added <= 120)
    #expect(result.changed.isEmpty)
    #expect(result.unknown.before > 0 && result.unknown.after == 0)
    let (first, second) = (
      try Tokenizer(TokenizerConfiguration(sentencePiece: base)),
      try Tokenizer(TokenizerConfiguration(sentencePiece: result.model))
    )
    for letters in [TrainingSamples.latin, TrainingSamples.cyrillic] {
      var samples = TrainingSamples(seed: 9)
      for line in samples.lines(100, letters: letters) {
        #expect(first.ids(of: line) == second.ids(of: line))
      }
    }
  }

  @Test("pieces that would change old text are given up, unless changes are allowed and told")
  func extendRelated() throws {
    let specification = TrainingSamples.specification(150)
    let old = try TrainingSamples.text(specification, languages: ["lat"], lines: 300)
    let base = try SubwordTrainer(specification, normalizerName: "identity").train(old)
    let new = try TrainingSamples.text(specification, languages: ["lat"], lines: 600)
    let kept = try VocabularyExtender(pieceCount: 80).extend(
      base, with: new, keeping: old, reporting: old)
    #expect(kept.changed.isEmpty && !kept.givenUp.isEmpty)
    let free = try VocabularyExtender(pieceCount: 80).extend(
      base, with: new, keeping: nil, reporting: old)
    #expect(!free.changed.isEmpty && free.tokens.after < free.tokens.before)
  }

  @Test("what some languages do not use is marked, ids stay, and their text is cut as before")
  func trim() throws {
    let specification = TrainingSamples.specification(300)
    let all = try TrainingSamples.text(specification)
    let base = try SubwordTrainer(specification, normalizerName: "identity").train(all)
    let latin = try TrainingSamples.text(specification, languages: ["lat"])
    let trimmer = VocabularyTrimmer()
    let trimmed = try trimmer.trim(base, for: latin)
    #expect(trimmed.model.pieces == base.pieces)
    #expect(trimmed.kept.count < 200)
    let compact = try trimmer.compacted(trimmed)
    #expect(compact.pieces.count == trimmed.kept.count)
    let tokenizers = try [base, trimmed.model, compact].map {
      try Tokenizer(TokenizerConfiguration(sentencePiece: $0))
    }
    var samples = TrainingSamples(seed: UInt64("lat".utf8.reduce(0) { $0 * 31 + Int($1) }))
    for line in samples.lines(400, letters: TrainingSamples.latin) {
      let ids = tokenizers[0].ids(of: line)
      #expect(tokenizers[1].ids(of: line) == ids)
      #expect(tokenizers[2].ids(of: line).map { trimmed.kept[Int($0)] } == ids.map { Int($0) })
    }
  }

  @Test("an embedding matrix is known by its rows and digest")
  func compatibility() throws {
    let pieces = (0..<10).map { "piece\($0)" }
    var tiers = VocabularyTiers(core: 10, packs: [], pieces: pieces)
    let digest = try #require(tiers.current?.digest)
    tiers.append("new", languages: ["new"], pieces: pieces + ["a", "b"])
    #expect(tiers.compatibility(rows: 12) == .complete(padding: 0))
    #expect(tiers.compatibility(rows: 16) == .complete(padding: 4))
    #expect(tiers.compatibility(rows: 10) == .earlier(version: 1, missing: 2))
    #expect(tiers.compatibility(rows: 12, digest: digest) == .earlier(version: 1, missing: 2))
    if case .none = tiers.compatibility(rows: 9) {} else { Issue.record("9 rows fit nothing") }
    if case .none = tiers.compatibility(rows: 12, digest: "0") {
    } else {
      Issue.record("another digest fits nothing")
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tiers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("shared.model")
    try tiers.write(beside: model)
    #expect(try VocabularyTiers(beside: model, pieces: pieces + ["a", "b"]) == tiers)
    #expect {
      try VocabularyTiers(beside: model, pieces: pieces + ["b", "a"])
    } throws: { "\($0)".contains("its ids no longer mean the same") }
  }
  @Test("tiers that reach beyond their vocabulary are an error, whatever their numbers")
  func hostileTiers() throws {
    let pieces = ["<unk>", "a", "b"]
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tiers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("a.model")
    let numbers = [(1, 1, 3), (1, 1, Int.max), (Int.max, Int.max, 1), (-1, -1, 2), (4, 4, 0)]
    for (core, first, count) in numbers {
      let pack = VocabularyTiers.Pack(
        name: "p", languages: ["p"], first: first, count: count, version: 1)
      try VocabularyTiers(core: core, packs: [pack], pieces: pieces).write(beside: model)
      #expect(throws: SubwordError.self, "\(core) \(first) \(count)") {
        try VocabularyTiers(beside: model, pieces: pieces)
      }
    }
  }
}
