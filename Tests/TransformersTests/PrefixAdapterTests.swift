// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

@Suite(.serialized) struct PrefixAdapterTests {
  /// An encoder whose parameters are sines, so that another program can make it too.
  private static func encoder() throws -> (Encoder, ParameterStore) {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(
      """
      {"model_type": "xlm-roberta", "vocab_size": 20, "hidden_size": 8, "num_hidden_layers": 2,
       "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 16,
       "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5, "hidden_act": "gelu"}
      """.utf8
    ).write(to: url)
    let store = ParameterStore(.fresh)
    let encoder = try Encoder(store.scope, EncoderConfiguration(contentsOf: url), withPooler: false)
    let sorted = store.parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (index, parameter) in sorted.enumerated() {
      let base: Float = parameter.name.hasSuffix("LayerNorm.weight") ? 1 : 0
      let values = (0..<parameter.tensor.count).map {
        Float(0.5 * sin(0.7 * Double(index + 1) + 1.3 * Double($0))) + base
      }
      try GradientMode.disabled {
        try parameter.tensor.copy(from: Tensor(values, shape: parameter.tensor.shape))
      }
    }
    return (encoder, store)
  }

  private static func prefix(_ encoder: Encoder, _ name: String, length: Int, from start: Int = 0)
    throws -> Adapter
  {
    let adapter = try encoder.makeAdapter(.prefix(.init(length: length)), name: name)
    let tensor = try #require(adapter["prompt_embeddings"])
    let values = (0..<tensor.count).map { Float(cos(0.9 * Double(start + $0))) }
    try GradientMode.disabled { try tensor.copy(from: Tensor(values, shape: tensor.shape)) }
    return adapter
  }

  private static func states(_ encoder: Encoder, _ rows: [[Int32]]) throws -> [[Float]] {
    let batch = try PackedBatch(rows, for: encoder.configuration)
    let all = try GradientMode.disabled { try Self.rows(encoder(batch)) }
    return rows.indices.flatMap { row in
      rows[row].indices.map { all[Int(batch.firstTokens[row]) + $0] }
    }
  }

  private static func rows(_ states: Tensor) throws -> [[Float]] {
    let flat = try states.elements(as: Float.self)
    return stride(from: 0, to: flat.count, by: states.shape[1]).map {
      Array(flat[$0..<$0 + states.shape[1]])
    }
  }

  private static func isClose(_ one: [[Float]], _ two: [[Float]], _ bound: Float = 2e-5) -> Bool {
    one.count == two.count
      && zip(one, two).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < bound } }
  }

  @Test("states are those of transformers with the same keys and values in its cache")
  func equalsReference() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      // transformers 5.23, XLMRobertaModel with past_key_values, second token of <s> 5 6 </s>.
      let plain: [Float] = [
        -1.125612, 1.42317, -1.562532, 0.222635, -0.273622, 0.092154, -1.404204, 2.67085,
      ]
      let prefixed: [Float] = [
        -0.847716, 1.504112, -2.448123, 0.589308, -0.379378, 0.188111, -0.921408, 1.965554,
      ]
      #expect(Self.isClose([try Self.states(encoder, [[0, 5, 6, 2]])[1]], [plain]))
      let adapted = try encoder.adapted(by: .single(Self.prefix(encoder, "p", length: 3)))
      #expect(Self.isClose([try Self.states(adapted, [[0, 5, 6, 2]])[1]], [prefixed]))
      // Rows of other lengths beside it, and weights laid out for inference, change nothing.
      let packed = try encoder.packed().adapted(
        by: .single(Self.prefix(encoder, "p", length: 3)))
      let states = try Self.states(packed, [[0, 7, 2], [0, 5, 6, 2], [0, 8, 9, 2]])
      #expect(Self.isClose([states[4]], [prefixed]))
    }
  }

  @Test("two prefixes above each other are one long prefix")
  func stacks() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let long = try Self.prefix(encoder, "long", length: 3)
      let first = try Self.prefix(encoder, "first", length: 1)
      let rest = try Self.prefix(encoder, "rest", length: 2, from: 32)
      let rows: [[Int32]] = [[0, 5, 6, 2], [0, 9, 2]]
      let one = try Self.states(encoder.adapted(by: .single(long)), rows)
      let two = try Self.states(encoder.adapted(by: .stack([.single(first), .single(rest)])), rows)
      #expect(Self.isClose(one, two))
    }
  }

  @Test("rows of a batch use different prefixes, or none")
  func splits() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let (a, b) = (
        try Self.prefix(encoder, "a", length: 2), try Self.prefix(encoder, "b", length: 3, from: 7)
      )
      let rows: [[Int32]] = [[0, 5, 6, 2], [0, 9, 8, 2], [0, 4, 7, 2], [0, 3, 5, 2]]
      let choices: [Int?] = [1, nil, 0, 1]
      let mixed = try AdapterRows(rows, using: choices, for: encoder.configuration)
      let adapted = try encoder.adapted(by: mixed.composition([.single(a), .single(b)]))
      let all = try GradientMode.disabled { try Self.rows(adapted(mixed.batch)) }
      for (row, choice) in choices.enumerated() {
        let alone = try choice.map { try encoder.adapted(by: .single([a, b][$0])) } ?? encoder
        let first = Int(mixed.batch.firstTokens[row])
        #expect(Self.isClose(Array(all[first..<first + 4]), try Self.states(alone, [rows[row]])))
      }
    }
  }

  @Test("a written prefix is read again, and its parameters learn")
  func readsAndLearns() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let adapter = try Self.prefix(encoder, "p", length: 3)
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("koine-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      try adapter.save(to: folder, prefix: "roberta", baseModel: "base")
      let json = try String(
        contentsOf: folder.appendingPathComponent("adapter_config.json"), encoding: .utf8)
      for field in ["\"PREFIX_TUNING\"", "\"num_virtual_tokens\" : 3", "\"token_dim\" : 8"] {
        #expect(json.contains(field))
      }
      let read = try Adapter(folder)
      #expect(read.kind == adapter.kind)
      let rows: [[Int32]] = [[0, 5, 6, 2]]
      let (one, two) = (
        try Self.states(encoder.adapted(by: .single(adapter)), rows),
        try Self.states(encoder.adapted(by: .single(read)), rows)
      )
      #expect(one == two)
      let tensor = try #require(adapter["prompt_embeddings"])
      try tensor.setRequiresGradient()
      let batch = try PackedBatch(rows, for: encoder.configuration)
      let loss = try encoder.adapted(by: .single(adapter), isTraining: true)(batch).power(2).sum()
      try loss.backward()
      let gradient = try #require(try tensor.gradient()).elements(as: Float.self)
      #expect(gradient.contains { abs($0) > 1e-4 })
    }
  }

  @Test("what cannot be is refused in a sentence")
  func refusals() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let adapter = try Self.prefix(encoder, "p", length: 3)
      #expect(throws: TransformerError.self) { try encoder.merge(adapter) }
      #expect(throws: TransformerError.self) {
        try encoder.adapted(by: .average([.single(adapter), .single(adapter)]))
      }
    }
  }
}
