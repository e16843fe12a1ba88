// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// Directories of models: what is read, written, and refused.
@Suite(.serialized) struct CheckpointTests {
  /// Something that every model says of the same rows.
  @Compute
  private static func result(_ folder: URL, _ model: TinyModel) throws -> [Float] {
    let rows: [[Int32]] = [[4, 5, 6, 7, 2], [9, 2]]
    return try GradientMode.disabled {
      if TinyModel.encoders.contains(model) {
        let encoder = try EncoderCheckpoint(folder).encoder()
        return try encoder(PackedBatch(rows, for: encoder.configuration)).elements()
      }
      let loss = try SequenceCheckpoint(folder).model().loss(sources: rows, labels: [[8, 2], [2]])
      return try loss.reshaped([1]).elements()
    }
  }

  @Test("a model written in shards and saved again says the same", arguments: TinyModel.allCases)
  func shards(model: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        let (whole, shards, saved) = (
          folder.appendingPathComponent("whole"), folder.appendingPathComponent("shards"),
          folder.appendingPathComponent("saved")
        )
        try model.write(to: whole)
        try model.write(to: shards, shardSize: 4000)
        let names = try FileManager.default.contentsOfDirectory(atPath: shards.path).sorted()
        #expect(names.contains("model.safetensors.index.json") && names.count > 4)
        #expect(!names.contains("model.safetensors"))
        let expected = try Self.result(whole, model)
        #expect(try Self.result(shards, model) == expected)
        if TinyModel.encoders.contains(model) {
          let checkpoint = try EncoderCheckpoint(shards)
          _ = try checkpoint.encoder()
          try checkpoint.save(to: saved)
        } else {
          let checkpoint = try SequenceCheckpoint(shards)
          _ = try checkpoint.model()
          try checkpoint.save(to: saved)
        }
        #expect(try Self.result(saved, model) == expected)
        // In one file again, the shards go.
        try model.write(to: shards)
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: shards.path).sorted()
            == ["config.json", "model.safetensors"])
      }
    }
  }

  @Test(
    "a shared table of words is found under each of its names",
    arguments: [
      (TinyModel.t5, "encoder.embed_tokens.weight"), (.t5, "decoder.embed_tokens.weight"),
      (.t5, "lm_head.weight"), (.marian, "model.encoder.embed_tokens.weight"),
      (.m2m100, "lm_head.weight"), (.m2m100, "shared.weight"),
    ])
  func sharedWords(model: TinyModel, name: String) async throws {
    try await withFolder { folder in
      try await Compute.run {
        let plain = folder.appendingPathComponent("plain")
        try model.write(to: plain)
        try model.write(to: folder) { tensors in
          tensors.map { ($0.name.hasSuffix("shared.weight") ? name : $0.name, $0.tensor) }
        }
        #expect(try Self.result(folder, model) == Self.result(plain, model))
      }
    }
  }

  @Test("parameters are found with and without the prefix of a task's or a base model")
  func prefixes() async throws {
    try await withFolder { folder in
      try await Compute.run {
        for (model, prefix) in [(TinyModel.bert, "bert."), (.xlmRoberta, "roberta.")] {
          try model.write(to: folder)
          let expected = try Self.result(folder, model)
          try model.write(to: folder) { $0.map { (prefix + $0.name, $0.tensor) } }
          #expect(try Self.result(folder, model) == expected)
          // A base model opened for a task: the body is found, the head is drawn.
          try model.write(to: folder)
          let checkpoint = try EncoderCheckpoint(folder, drawing: ["classifier"])
          _ = try checkpoint.tokenClassifier()
          #expect(checkpoint.store.drawn == ["classifier.weight", "classifier.bias"])
        }
        try TinyModel.m2m100.write(to: folder)
        let expected = try Self.result(folder, .m2m100)
        try TinyModel.m2m100.write(to: folder) {
          $0.map { (String($0.name.dropFirst("model.".count)), $0.tensor) }
        }
        #expect(try Self.result(folder, .m2m100) == expected)
      }
    }
  }

  @Test("a head keeps its classes and its weights when it is saved")
  func savedHead() async throws {
    try await withFolder { folder in
      try await Compute.run {
        let saved = folder.appendingPathComponent("saved")
        try TinyModel.xlmRoberta.write(
          to: folder, changing: ["id2label": ["0": "a", "1": "b", "2": "c"]])
        let checkpoint = try EncoderCheckpoint(folder, drawing: ["classifier"])
        let model = try checkpoint.sequenceClassifier()
        try checkpoint.save(
          to: saved, architecture: "XLMRobertaForSequenceClassification", labels: ["x", "y", "z"])
        let opened = try EncoderCheckpoint(saved)
        #expect(opened.configuration.labels == ["x", "y", "z"])
        let batch = try PackedBatch([[3, 4, 2]], for: opened.configuration)
        let again = try opened.sequenceClassifier()
        #expect(
          try again.logits(again.encoder(batch), batch).elements(as: Float.self)
            == model.logits(model.encoder(batch), batch).elements(as: Float.self))
      }
    }
  }

  @Test("what another head left in the file is told, not refused")
  func harmless() async throws {
    try await withFolder { folder in
      try await Compute.run {
        try TinyModel.bert.write(to: folder) {
          $0 + [
            ("cls.predictions.bias", try .zeros([50])),
            ("embeddings.position_ids", try .zeros([1, 24], dtype: .int64)),
          ]
        }
        let checkpoint = try EncoderCheckpoint(folder)
        _ = try checkpoint.encoder()
        #expect(try checkpoint.unusedTensors() == ["cls.predictions.bias"])
      }
    }
  }
}
