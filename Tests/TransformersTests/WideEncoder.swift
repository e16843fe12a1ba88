// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

@testable import Transformers

/// A small encoder whose width is one that int8 maps are joined at, or not, with adapters that change something.
enum WideEncoder {
  static let kinds: [(String, Adapter.Kind)] = [
    ("lora", .lora(LoRAConfiguration())),
    (
      "ia3",
      .rescaling(
        LinearSelection(["key", "value", "output.dense"]), inputs: LinearSelection(["output.dense"])
      )
    ),
    // Scales of what goes into the projections, which a joined product could not know.
    (
      "inputs",
      .rescaling(
        LinearSelection(["query", "key", "value"]), inputs: LinearSelection(["query", "value"]))
    ),
    ("pfeiffer", .bottleneck(.pfeiffer)), ("houlsby", .bottleneck(.houlsby)),
    ("language", .bottleneck(.language)),
  ]

  static let rows: [[Int32]] = [
    [0, 7, 9, 2], [0, 8, 2], [0, 11, 12, 13, 14, 2], [0, 20, 2], [0, 33, 34, 35, 2], [0, 6, 2],
    [0, 41, 40, 39, 38, 37, 36, 2], [0, 5, 5, 2],
  ]

  /// An encoder with weights from a seed; on the compute thread.
  static func make(width: Int, scale: Double = 3) throws -> (Encoder, ParameterStore) {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(
      """
      {"model_type": "bert", "vocab_size": 50, "hidden_size": \(width), "num_hidden_layers": 3,
       "num_attention_heads": 4, "intermediate_size": \(2 * width), "max_position_embeddings": 40,
       "type_vocab_size": 2, "pad_token_id": 0, "hidden_act": "gelu"}
      """.utf8
    ).write(to: url)
    try Engine.seed(5)
    let store = ParameterStore(.fresh)
    let encoder = try Encoder(
      store.scope, EncoderConfiguration(contentsOf: url), withPooler: false)
    // Weights large enough that every part shows in the result.
    for linear in encoder.linears { try linear.weight.scale(by: scale) }
    return (encoder, store)
  }

  /// An adapter whose changes are not zero.
  static func adapter(
    _ kind: Adapter.Kind, _ name: String, _ encoder: Encoder, seed: UInt64
  ) throws -> Adapter {
    let adapter = try encoder.makeAdapter(kind, name: name)
    try Engine.seed(seed)
    for parameter in adapter.parameters {
      try parameter.tensor.add(Tensor.normal(parameter.tensor.shape), scale: 0.25)
    }
    return adapter
  }

  /// Each row's mean state.
  static func pooled(_ encoder: Encoder, _ batch: PackedBatch) throws -> [[Float]] {
    let pooled = try GradientMode.disabled { try Pooling.mean(encoder(batch), batch) }
    return try (0..<batch.order.count).map { try pooled.selected(0, $0).elements(as: Float.self) }
  }

  static func cosine(_ left: [Float], _ right: [Float]) -> Double {
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (a, b) in zip(left, right) {
      ab += Double(a) * Double(b)
      aa += Double(a) * Double(a)
      bb += Double(b) * Double(b)
    }
    return ab / (aa * bb).squareRoot()
  }

  static func greatestDifference(_ left: [[Float]], _ right: [[Float]]) -> Float {
    zip(left, right).map { zip($0, $1).map { abs($0 - $1) }.max() ?? 0 }.max() ?? 0
  }
}
