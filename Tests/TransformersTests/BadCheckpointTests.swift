// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch

@testable import Transformers

/// Directories that are damaged or contradict themselves: one sentence each, with the name of what is wrong.
@Suite(.serialized) struct BadCheckpointTests {
  /// What opening the folder as an encoder-decoder says.
  @Compute
  private static func complaint(_ folder: URL) -> String? {
    sentence { _ = try SequenceCheckpoint(folder).model() }
  }

  @Compute
  private static func encoderComplaint(_ folder: URL) -> String? {
    sentence { _ = try EncoderCheckpoint(folder).encoder() }
  }

  private func expect(_ said: String?, _ parts: String...) {
    let text = said ?? "nothing"
    for part in parts {
      #expect(text.contains(part), "\(text)")
    }
    #expect(!text.contains("\n"), "\(text)")
  }

  @Test("a missing tensor is named with its shape", arguments: TinyModel.sequences)
  func missing(model: TinyModel) async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try model.write(to: folder) {
          $0.filter { !$0.name.contains("decoder") || !$0.name.contains("1") }
        }
        return Self.complaint(folder)
      }
      expect(said, "the checkpoint has no tensor '", "decoder", "of shape [")
    }
  }

  @Test("a tensor of another shape is named with both shapes")
  func misshapen() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.marian.write(to: folder) {
          try $0.map {
            ($0.name, $0.name.hasSuffix("1.fc1.weight") ? try $0.tensor.transposed() : $0.tensor)
          }
        }
        return Self.complaint(folder)
      }
      expect(said, "decoder.layers.1.fc1.weight", "[32, 24]", "[24, 32]", "model.safetensors")
    }
  }

  @Test(
    "a number that is none is found in any tensor", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.m2m100.write(to: folder) {
          for entry in $0 where entry.name.hasSuffix("encoder.layers.0.fc2.weight") {
            try entry.tensor.selected(0, 31).copy(from: .full([], value))
          }
          return $0
        }
        return Self.complaint(folder)
      }
      expect(said, "encoder.layers.0.fc2.weight", "NaN or infinite")
    }
  }

  @Test("NaN is found in a table too large to be looked at in one piece")
  func notFiniteInLargeTable() async throws {
    try await withFolder { folder in
      try await Compute.run {
        let table = try Tensor.zeros([1100, 1100])
        let file = folder.appendingPathComponent("model.safetensors")
        try SafetensorsFile.write([("a", table)], to: file)
        #expect(try SafetensorsFile(file).isFinite("a"))
        try table.selected(0, 1099).copy(from: .full([], .nan))
        try SafetensorsFile.write([("a", table)], to: file)
        #expect(try !SafetensorsFile(file).isFinite("a"))
      }
    }
  }

  @Test("layers that config.json does not have, or has too many of, are told")
  func layers() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.marian.write(to: folder, changing: ["decoder_layers": 1])
        let fewer = Self.complaint(folder)
        try TinyModel.marian.write(to: folder, changing: ["decoder_layers": 3])
        let more = Self.complaint(folder)
        try TinyModel.bert.write(to: folder, changing: ["num_hidden_layers": 1])
        return [fewer, more, Self.encoderComplaint(folder)]
      }
      expect(said[0], "'model.decoder.layers.1.", "belongs to no part", "1 in the decoder")
      expect(said[1], "no tensor 'model.decoder.layers.2.")
      expect(said[2], "'encoder.layer.1.", "config.json says 1 layers")
    }
  }

  @Test("a vocabulary, heads or a start piece that do not fit are told")
  func contradictions() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try [
          ["vocab_size": 60], ["encoder_attention_heads": 3], ["decoder_start_token_id": 50],
          ["d_model": 0], ["activation_function": "mish"], ["max_position_embeddings": "many"],
        ].map { (changes: [String: Any]) in
          try TinyModel.m2m100.write(to: folder, changing: changes)
          return Self.complaint(folder)
        }
      }
      expect(said[0], "model.shared.weight", "[50, 32]", "[60, 32]")
      expect(said[1], "3 encoder_attention_heads do not divide d_model 32")
      expect(said[2], "decoder_start_token_id 50", "vocabulary of 50")
      expect(said[3], "d_model must be positive")
      expect(said[4], "activation_function 'mish'", "swish")
      expect(said[5], "'max_position_embeddings' is not a Int")
    }
  }

  @Test("an unknown architecture is refused by name with those that are known")
  func unknown() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.t5.write(to: folder, changing: ["model_type": "umt5"])
        let unknown = [Self.complaint(folder), Self.encoderComplaint(folder)]
        try TinyModel.t5.write(to: folder)
        return unknown + [Self.encoderComplaint(folder)]
      }
      for text in said.prefix(2) {
        expect(text, "'umt5'", "bert", "xlm-roberta", "t5", "mt5", "marian", "m2m_100")
      }
      expect(said[2], "'t5' is not an encoder; expected one of bert, xlm-roberta, roberta")
    }
  }

  @Test("a truncated shard, an index without its shards and a shard without its tensor are told")
  func brokenShards() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.t5.write(to: folder, shardSize: 4000)
        let shard = try #require(
          FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .first { $0.hasPrefix("model-00002") })
        let file = folder.appendingPathComponent(shard)
        let bytes = try Data(contentsOf: file)
        try bytes.dropLast(100).write(to: file)
        let truncated = Self.complaint(folder)
        try bytes.prefix(5).write(to: file)
        let headless = Self.complaint(folder)
        try FileManager.default.removeItem(at: file)
        let absent = Self.complaint(folder)
        try SafetensorsFile.write([("other", .zeros([1]))], to: file)
        return [truncated, headless, absent, Self.complaint(folder)]
      }
      expect(said[0], "model-00002", "truncated")
      expect(said[1], "model-00002", "5 bytes")
      expect(said[2], "index.json: names the shard 'model-00002", "not there")
      expect(said[3], "index.json: says that tensor '", "where it is not")
    }
  }

  @Test(
    "a directory with pytorch_model.bin gives the same weights; one that is no such file says so")
  func pickle() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.bert.write(to: folder)
        let (safe, pickle) = (
          folder.appendingPathComponent("model.safetensors"),
          folder.appendingPathComponent("pytorch_model.bin")
        )
        func values() throws -> [[Float]] {
          let checkpoint = try EncoderCheckpoint(folder)
          _ = try checkpoint.encoder()
          return try checkpoint.store.parameters.map { try $0.tensor.elements(as: Float.self) }
        }
        let expected = try values()
        let file = try SafetensorsFile(safe)
        try TorchFileWriter.file(
          file.names.map { name in
            let tensor = try file.tensor(name)
            return (name, tensor.shape, try tensor.elements(as: Float.self))
          }
        ).write(to: pickle)
        try FileManager.default.removeItem(at: safe)
        #expect(try values() == expected && !expected.isEmpty)
        try Data("no weights".utf8).write(to: pickle)
        let damaged = Self.encoderComplaint(folder)
        try FileManager.default.removeItem(at: pickle)
        return [damaged, Self.encoderComplaint(folder)]
      }
      expect(said[0], "pytorch_model.bin", "expected a file of torch.save")
      expect(said[1], "expected one of model.safetensors")
    }
  }

  @Test("a head with other classes than config.json names is told")
  func classes() async throws {
    try await withFolder { folder in
      let said = try await Compute.run {
        try TinyModel.bert.write(to: folder, changing: ["id2label": ["0": "a", "1": "b"]]) {
          $0 + [("classifier.weight", try .zeros([3, 32])), ("classifier.bias", try .zeros([3]))]
        }
        return sentence { _ = try EncoderCheckpoint(folder).sequenceClassifier() }
      }
      expect(said, "'classifier' has 3 classes, config.json names 2")
    }
  }
}
