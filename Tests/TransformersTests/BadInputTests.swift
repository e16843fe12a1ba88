// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// Rows and labels that a model cannot take: one sentence each.
@Suite(.serialized) struct BadInputTests {
  private func expect(_ said: String?, _ parts: String...) {
    for part in parts { #expect((said ?? "nothing").contains(part), "\(said ?? "nothing")") }
  }

  @Test("a row longer than the positions, empty, or of unknown pieces is told")
  func rows() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.marian.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        let long = [Int32](repeating: 5, count: 25)
        return [
          sentence { _ = try model.sourceBatch([[4, 0], long]) },
          sentence { _ = try model.sourceBatch([[]]) },
          sentence { _ = try model.sourceBatch([[50]]) },
          sentence { _ = try model.loss(sources: [[4, 0]], labels: [long]) },
          sentence { _ = try model.generate([long], GenerationConfiguration()) },
        ]
      }
      expect(said[0], "25 tokens", "at most 24")
      expect(said[1], "no tokens")
      expect(said[2], "token id 50", "vocabulary of 50")
      expect(said[3], "25 tokens", "at most 24")
      expect(said[4], "25 tokens", "at most 24")
    }
  }

  @Test("T5 has no longest row")
  func relative() async throws {
    try await withFolder { folder in
      try await Compute.run {
        try TinyModel.t5.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        let long = [Int32](repeating: 5, count: 300)
        #expect(try model.loss(sources: [long], labels: [long]).item().isFinite)
      }
    }
  }

  @Test("labels that the vocabulary or the head does not have are told")
  func labels() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.marianSeparate.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        let sequence = [
          sentence { _ = try model.loss(sources: [[4, 0]], labels: [[41]]) },
          sentence { _ = try model.loss(sources: [[4, 0]], labels: [[-100, -100]]) },
          sentence { _ = try model.loss(sources: [[4, 0]], labels: [[4], [5]]) },
        ]
        try TinyModel.xlmRoberta.write(
          to: folder, changing: ["id2label": ["0": "a", "1": "b", "2": "c"]])
        let checkpoint = try EncoderCheckpoint(folder, drawing: ["classifier", "qa_outputs"])
        let classifier = try checkpoint.sequenceClassifier()
        let batch = try PackedBatch([[3, 4, 2], [5, 2]], for: checkpoint.configuration)
        let states = try classifier.encoder(batch)
        let spans = try checkpoint.spanExtractor()
        return sequence + [
          sentence { _ = try classifier.loss(states, batch, labels: [0, 3]) },
          sentence { _ = try classifier.loss(states, batch, labels: [0]) },
          sentence { _ = try spans.loss(states, batch, starts: [0, 0], ends: [1, 2]) },
        ]
      }
      expect(said[0], "label 41", "vocabulary of 41")
      expect(said[1], "all labels are -100")
      expect(said[2], "1 source rows and 2 target rows")
      expect(said[3], "label 3", "3 classes, 0 to 2")
      expect(said[4], "1 labels for 2 rows")
      expect(said[5], "token 2 of a row of 2 tokens")
    }
  }

  @Test("settings of generation that contradict each other or the model are told")
  func generation() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.marian.write(to: folder)
        let checkpoint = try SequenceCheckpoint(folder)
        let model = try checkpoint.model()
        @Compute func complaint(_ edit: (inout GenerationConfiguration) -> Void) -> String? {
          var configuration = checkpoint.generation
          edit(&configuration)
          return sentence { _ = try model.generate([[4, 0]], configuration) }
        }
        return [
          complaint { $0.maxNewTokens = 25 }, complaint { $0.returnCount = 2 },
          complaint { ($0.beamCount, $0.sampling) = (2, .init()) },
          complaint { $0.forcedFirstID = 50 }, complaint { $0.minNewTokens = 20 },
          complaint { $0.sampling = .init(temperature: 0) }, complaint { $0.beamCount = 0 },
        ]
      }
      expect(said[0], "25 new tokens", "24 positions")
      expect(said[1], "2 texts for a row from 1 beams")
      expect(said[2], "sampling with 2 beams")
      expect(said[3], "piece 50", "vocabulary of 50")
      expect(said[4], "at least 20 and at most 19")
      expect(said[5], "temperature 0.0")
      expect(said[6], "beams must be at least 1")
    }
  }
}
