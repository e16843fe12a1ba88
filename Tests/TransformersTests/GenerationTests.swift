// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// Decoding step by step with a cache beside the same model run over whole rows.
@Suite(.serialized) struct GenerationTests {
  private static let sources: [[Int32]] = [
    [4, 5, 6, 7, 8, 9, 10, 2], [11, 2], [12, 13, 14, 2], [15, 16, 2],
  ]

  /// A model with its own settings, fit for steps.
  @Compute
  private static func model(
    _ kind: TinyModel, _ folder: URL
  ) throws -> (SequenceToSequenceModel, SequenceToSequenceModel, GenerationConfiguration) {
    try kind.write(to: folder)
    let checkpoint = try SequenceCheckpoint(folder)
    let model = try checkpoint.model()
    var configuration = checkpoint.generation
    configuration.maxNewTokens = 12
    return (model, try model.packed(), configuration)
  }

  /// The logits before each of some pieces, without a cache.
  @Compute
  private static func logits(
    _ model: SequenceToSequenceModel, _ source: [Int32], _ ids: [Int32]
  ) throws -> [[Float]] {
    let target = [Int32(model.configuration.startID)] + ids.dropLast()
    let pairs = try SequencePairs(
      sources: [source], targets: [target], for: model.configuration)
    return try GradientMode.disabled {
      let states = try model.decode(pairs, memory: model.encode(pairs.source))
      return try model.logits(states).unbound(0).map { try $0.elements() }
    }
  }

  @Test("each piece is the best one after those before it", arguments: TinyModel.sequences)
  func greedy(kind: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        var (model, packed, configuration) = try Self.model(kind, folder)
        configuration.forcedLastID = nil
        configuration.bannedRuns = []
        let texts = try packed.generate(Self.sources, configuration)
        for (source, text) in zip(Self.sources, texts.map { $0[0].ids }) {
          #expect(!text.isEmpty)
          for (id, scores) in zip(text, try Self.logits(model, source, text)) {
            #expect(scores[Int(id)] >= (scores.max() ?? 0) - 1e-4, "\(kind)")
          }
          let ended = configuration.endIDs.contains(Int(text[text.count - 1]))
          #expect(ended || text.count == 12)
        }
      }
    }
  }

  @Test(
    "a beam's score is its pieces' log-probability by its length", arguments: TinyModel.sequences)
  func beams(kind: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        var (model, packed, configuration) = try Self.model(kind, folder)
        configuration.forcedLastID = nil
        configuration.bannedRuns = []
        configuration.beamCount = 3
        configuration.returnCount = 3
        let texts = try packed.generate(Self.sources, configuration)
        for (source, beams) in zip(Self.sources, texts) {
          #expect(beams.count == 3)
          #expect(Set(beams.map(\.ids)).count == 3)
          let scores = beams.compactMap(\.score)
          #expect(scores == scores.sorted(by: >))
          for beam in beams {
            var sum = 0.0
            for (id, logits) in zip(beam.ids, try Self.logits(model, source, beam.ids)) {
              let peak = Double(logits.max() ?? 0)
              let total = logits.reduce(0.0) { $0 + exp(Double($1) - peak) }
              sum += Double(logits[Int(id)]) - peak - log(total)
            }
            #expect(abs((beam.score ?? 0) - sum / Double(beam.ids.count)) < 1e-4)
          }
        }
      }
    }
  }

  @Test("samples depend on the seed and the row, not on the batch")
  func samples() async throws {
    try await withFolder { folder in
      try await Compute.run {
        var (_, packed, configuration) = try Self.model(.m2m100, folder)
        configuration.sampling = .init(temperature: 1.5, topK: 0, topP: 0.9, seed: 5)
        configuration.returnCount = 4
        let texts = try packed.generate(Self.sources, configuration)
        #expect(try packed.generate(Self.sources, configuration, tokenLimit: 1) == texts)
        #expect(texts.allSatisfy { $0.count == 4 && Set($0.map(\.ids)).count > 1 })
        configuration.sampling?.seed = 6
        #expect(try packed.generate(Self.sources, configuration) != texts)
        configuration.sampling = .init(topK: 1)
        configuration.returnCount = 1
        let only = try packed.generate(Self.sources, configuration)
        configuration.sampling = nil
        #expect(try packed.generate(Self.sources, configuration) == only)
      }
    }
  }

  @Test("pieces are drawn as often as they are probable, and none that is cut off")
  func draws() {
    let scores: [Float] = [2, 1, 0, -1]
    var counts = [Int](repeating: 0, count: 4)
    for row in 0..<20_000 {
      var sampler = PieceSampler(.init(temperature: 2, topP: 0.8, seed: 3), row: row, copy: 0)
      counts[Int(sampler.draw(scores[...], [0, 1, 2, 3]) ?? 0)] += 1
    }
    // Probabilities at temperature 2 are .455, .276, .167, .102: the share of .8 is reached by the third.
    let weights: [Double] = [1, 0.60653, 0.36788]
    let total: Double = 1.97441
    for (count, weight) in zip(counts, weights) {
      let share = Double(count) / 20_000
      #expect(abs(share - weight / total) < 0.015)
    }
    #expect(counts[3] == 0)
  }

  @Test("bans, shortest and longest lengths and forced pieces hold", arguments: [1, 3])
  func rules(beams: Int) async throws {
    try await withFolder { folder in
      try await Compute.run {
        var (_, packed, configuration) = try Self.model(.marian, folder)
        configuration.beamCount = beams
        configuration.forcedFirstID = 17
        configuration.forcedLastID = 0
        configuration.minNewTokens = 6
        configuration.noRepeatLength = 2
        let free = try packed.generate(Self.sources, configuration).map { $0[0].ids }
        for ids in free {
          #expect(ids[0] == 17 && ids[ids.count - 1] == 0 && (6...12).contains(ids.count))
          #expect(!ids.contains(49))
          let runs = zip(ids, ids.dropFirst()).map { [$0, $1] }
          #expect(Set(runs).count == runs.count)
        }
        // What was written is banned: a piece, and a run of two.
        configuration.bannedRuns = [[Int(free[0][1])], [17, Int(free[1][1])]]
        let banned = try packed.generate(Self.sources, configuration).map { $0[0].ids }
        #expect(banned.allSatisfy { !$0.contains(free[0][1]) })
        #expect(banned[1][1] != free[1][1])
        configuration.maxNewTokens = 6
        #expect(
          try packed.generate(Self.sources, configuration).allSatisfy { $0[0].ids.count == 6 })
      }
    }
  }

  @Test("settings are read from generation_config.json, and from config.json what it leaves out")
  func settings() async throws {
    try await withFolder { folder in
      try Data(
        """
        {"model_type": "marian", "bad_words_ids": [[7], [8, 9]], "num_beams": 6, "max_length": 40}
        """.utf8
      ).write(to: folder.appendingPathComponent("config.json"))
      try Data(
        """
        {"num_beams": 4, "eos_token_id": [0, 5], "forced_eos_token_id": 0, "early_stopping": "never",
         "do_sample": true, "top_p": 0.5, "max_new_tokens": null}
        """.utf8
      ).write(to: folder.appendingPathComponent("generation_config.json"))
      let found = try GenerationConfiguration(directory: folder)
      #expect(found.bannedRuns == [[7], [8, 9]])
      #expect(found.beamCount == 4 && found.maxNewTokens == 39)
      #expect(found.endIDs == [0, 5] && found.forcedLastID == 0)
      #expect(found.earlyStopping == .never)
      #expect(found.sampling == .init(topK: 50, topP: 0.5))
    }
  }
}
