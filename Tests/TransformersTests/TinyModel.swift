// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// Tiny models of each family with random weights, written to folders as Hugging Face lays them out.
enum TinyModel: String, CaseIterable, CustomTestStringConvertible {
  case bert, xlmRoberta, t5, t5Gated, mt5, marian, marianSeparate, m2m100

  static let encoders: [TinyModel] = [.bert, .xlmRoberta]
  static let sequences = allCases.filter { !encoders.contains($0) }

  var testDescription: String { rawValue }

  /// What `config.json` says; heads of 16 in some, odd widths in others.
  var fields: [String: Any] {
    let bert: [String: Any] = [
      "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
      "intermediate_size": 48, "max_position_embeddings": 24, "initializer_range": 0.5,
    ]
    let t5: [String: Any] = [
      "vocab_size": 50, "d_model": 24, "d_kv": 10, "d_ff": 40, "num_layers": 2,
      "num_decoder_layers": 3, "num_heads": 3, "relative_attention_num_buckets": 8,
      "relative_attention_max_distance": 10, "pad_token_id": 0, "eos_token_id": 1,
      "decoder_start_token_id": 0,
    ]
    let bart: [String: Any] = [
      "vocab_size": 50, "d_model": 32, "encoder_layers": 1, "decoder_layers": 2,
      "encoder_attention_heads": 2, "decoder_attention_heads": 4, "encoder_ffn_dim": 40,
      "decoder_ffn_dim": 24, "max_position_embeddings": 24,
    ]
    switch self {
    case .bert: return bert.merging(["model_type": "bert"]) { $1 }
    case .xlmRoberta: return bert.merging(["model_type": "xlm-roberta", "pad_token_id": 1]) { $1 }
    case .t5: return t5.merging(["model_type": "t5"]) { $1 }
    case .t5Gated:
      return t5.merging([
        "model_type": "t5", "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false,
      ]) { $1 }
    case .mt5:
      return t5.merging([
        "model_type": "mt5", "feed_forward_proj": "gated-silu", "tie_word_embeddings": false,
      ]) { $1 }
    case .marian:
      return bart.merging([
        "model_type": "marian", "pad_token_id": 49, "eos_token_id": 0, "forced_eos_token_id": 0,
        "decoder_start_token_id": 49, "activation_function": "swish", "scale_embedding": true,
        "bad_words_ids": [[49]],
      ]) { $1 }
    case .marianSeparate:
      return bart.merging([
        "model_type": "marian", "pad_token_id": 3, "eos_token_id": 0,
        "decoder_start_token_id": 3, "share_encoder_decoder_embeddings": false,
        "decoder_vocab_size": 41,
      ]) { $1 }
    case .m2m100:
      return bart.merging([
        "model_type": "m2m_100", "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2,
      ]) { $1 }
    }
  }

  /// Writes the model with weights from a seed; call it on the compute thread.
  @Compute
  func write(
    to folder: URL, changing changes: [String: Any] = [:], shardSize: Int = 1 << 40,
    editing edit: ([(name: String, tensor: Tensor)]) throws -> [(name: String, tensor: Tensor)] = {
      $0
    }
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let config = folder.appendingPathComponent("config.json")
    try JSONSerialization.data(withJSONObject: fields).write(to: config)
    try Engine.seed(11)
    let store = ParameterStore(.fresh)
    if Self.encoders.contains(self) {
      _ = try Encoder(store.scope, EncoderConfiguration(contentsOf: config))
    } else {
      _ = try SequenceToSequenceModel(store.scope, SequenceConfiguration(contentsOf: config))
    }
    // Weights large enough that every part shows in the result.
    let tensors = try (store.parameters + store.buffers).map { parameter in
      (
        name: parameter.name,
        tensor: try parameter.tensor.adding(
          Tensor.normal(parameter.tensor.shape), scale: 0.2)
      )
    }
    try ModelDirectory(folder).write(edit(tensors), shardSize: shardSize)
    try JSONSerialization.data(withJSONObject: fields.merging(changes) { $1 }).write(to: config)
  }
}

/// A folder that is removed when the test is done.
func withFolder<Result>(_ body: @Sendable (URL) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("transformers-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

/// The sentence that an error says, or nil when there was none.
@Compute
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
