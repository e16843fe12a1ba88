// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

@Suite(.serialized) struct AdapterTests {
  private static let kinds: [(String, Adapter.Kind)] = [
    ("lora", .lora(LoRAConfiguration())),
    (
      "ia3",
      .rescaling(
        LinearSelection(["key", "value", "output.dense"]), inputs: LinearSelection(["output.dense"])
      )
    ),
    ("pfeiffer", .bottleneck(.pfeiffer)), ("houlsby", .bottleneck(.houlsby)),
    ("language", .bottleneck(.language)),
  ]

  private static func configuration() throws -> EncoderConfiguration {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(
      """
      {"model_type": "xlm-roberta", "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2,
       "num_attention_heads": 4, "intermediate_size": 32, "max_position_embeddings": 40,
       "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5, "hidden_act": "gelu"}
      """.utf8
    ).write(to: url)
    return try EncoderConfiguration(contentsOf: url)
  }

  private static func encoder() throws -> (Encoder, ParameterStore) {
    try Engine.seed(5)
    let store = ParameterStore(.fresh)
    return (try Encoder(store.scope, configuration(), withPooler: false), store)
  }

  /// An adapter whose changes are not zero.
  private static func adapter(
    _ kind: Adapter.Kind, _ name: String, _ encoder: Encoder, seed: UInt64
  ) throws -> Adapter {
    let adapter = try encoder.makeAdapter(kind, name: name)
    try Engine.seed(seed)
    for parameter in adapter.parameters {
      try parameter.tensor.add(Tensor.normal(parameter.tensor.shape), scale: 0.1)
    }
    return adapter
  }

  private static let rows: [[Int32]] = [
    [0, 7, 9, 2], [0, 8, 2], [0, 11, 12, 13, 14, 2], [0, 20, 2], [0, 33, 34, 35, 2], [0, 6, 2],
  ]

  private static func pooled(_ encoder: Encoder, _ batch: PackedBatch) throws -> [[Float]] {
    let pooled = try GradientMode.disabled { try Pooling.mean(encoder(batch), batch) }
    return try (0..<batch.order.count).map { try pooled.selected(0, $0).elements(as: Float.self) }
  }

  private static func close(_ left: [Float], _ right: [Float]) -> Bool {
    zip(left, right).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  @Test("a fresh adapter changes nothing, and a trained one something", arguments: kinds)
  func startsAtNothing(name: String, kind: Adapter.Kind) async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      let plain = try Self.pooled(encoder, batch)
      let fresh = try encoder.makeAdapter(kind, name: "a")
      // An invertible adapter starts with small numbers, not with zeros: it is trained with the rest.
      if name != "language" {
        let adapted = try Self.pooled(encoder.adapted(by: .single(fresh)), batch)
        #expect(zip(plain, adapted).allSatisfy(Self.close))
      }
      let trained = try Self.adapter(kind, "b", encoder, seed: 1)
      let changed = try Self.pooled(encoder.adapted(by: .single(trained)), batch)
      #expect(zip(plain, changed).allSatisfy { !Self.close($0, $1) })
      // The encoder itself is as it was.
      #expect(try zip(plain, Self.pooled(encoder, batch)).allSatisfy(Self.close))
    }
  }

  @Test("packed weights and plain ones give the same with an adapter", arguments: kinds)
  func packed(name: String, kind: Adapter.Kind) async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      let adapter = try Self.adapter(kind, "a", encoder, seed: 1)
      let one = try Self.pooled(encoder.adapted(by: .single(adapter)), batch)
      let two = try Self.pooled(encoder.packed().adapted(by: .single(adapter)), batch)
      #expect(zip(one, two).allSatisfy(Self.close))
    }
  }

  @Test(
    "rows of one batch that use different adapters get what each gets alone, with gradients and without",
    arguments: kinds)
  func mixedRows(name: String, kind: Adapter.Kind) async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let adapters = try (0..<3).map { try Self.adapter(kind, "a\($0)", encoder, seed: UInt64($0)) }
      let choices: [Int?] = [2, nil, 0, 2, 1, 0]
      let rows = try AdapterRows(Self.rows, using: choices, for: encoder.configuration)
      let mixed = try encoder.adapted(by: rows.composition(adapters.map { .single($0) }))
      let together = try Self.pooled(mixed, rows.batch)
      let recorded = try Pooling.mean(mixed(rows.batch), rows.batch)
      for (index, choice) in choices.enumerated() {
        let single = try PackedBatch([Self.rows[index]], for: encoder.configuration)
        let used = try choice.map { try encoder.adapted(by: .single(adapters[$0])) } ?? encoder
        let alone = try Self.pooled(used, single)[0]
        #expect(Self.close(together[index], alone), "row \(index)")
        #expect(
          Self.close(try recorded.selected(0, index).elements(as: Float.self), alone),
          "row \(index)")
      }
    }
  }

  @Test(
    "an average of one adapter with itself is that adapter, and weights are obeyed",
    arguments: kinds)
  func averages(name: String, kind: Adapter.Kind) async throws {
    guard name != "ia3", name != "language" else { return }
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      let one = AdapterComposition.single(try Self.adapter(kind, "a", encoder, seed: 1))
      let other = AdapterComposition.single(try Self.adapter(kind, "b", encoder, seed: 2))
      let alone = try Self.pooled(encoder.adapted(by: one), batch)
      for composition in [
        AdapterComposition.average([one, one]), .average([one, other], weights: [1, 0]),
      ] {
        let mean = try Self.pooled(encoder.adapted(by: composition), batch)
        #expect(zip(alone, mean).allSatisfy(Self.close))
      }
    }
  }

  @Test("a fusion of one adapter begins as that adapter, and has gradients")
  func fuses() async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      let adapter = try Self.adapter(.bottleneck(.pfeiffer), "a", encoder, seed: 1)
      let fusion = try encoder.makeFusion([adapter])
      let alone = try Self.pooled(encoder.adapted(by: .single(adapter)), batch)
      let fused = try Self.pooled(encoder.adapted(by: .fuse(fusion)), batch)
      #expect(zip(alone, fused).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 1e-4 } })
      let other = try Self.adapter(.bottleneck(.pfeiffer), "b", encoder, seed: 2)
      let both = try encoder.makeFusion([adapter, other])
      for parameter in both.parameters { try parameter.tensor.setRequiresGradient() }
      let states = try encoder.adapted(by: .fuse(both))(batch)
      try states.multiplied(by: states).sum().backward()
      for parameter in both.parameters {
        #expect(try parameter.tensor.gradient() != nil, "\(parameter.name)")
      }
    }
  }

  @Test("an adapter that is saved and read is the same, and knows its body", arguments: kinds)
  func roundTrip(name: String, kind: Adapter.Kind) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-adapter-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Compute.run {
      let (encoder, store) = try Self.encoder()
      let adapter = try Self.adapter(kind, "mine", encoder, seed: 1)
      adapter.bodyHash = try store.bodyHash()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      for prefix in ["roberta", ""] {
        try adapter.save(to: folder, prefix: prefix)
        let again = try Adapter(folder, name: "mine")
        // Another name, and one that is also that of a part.
        for other in ["yours", "output"] {
          let renamed = try Adapter(folder, name: other)
          #expect(
            try Self.pooled(encoder.adapted(by: .single(renamed)), batch)
              == Self.pooled(encoder.adapted(by: .single(adapter)), batch))
        }
        #expect(again.kind == adapter.kind)
        #expect(
          again.parameters.map(\.name).sorted() == adapter.parameters.map(\.name).sorted())
        for parameter in adapter.parameters {
          #expect(
            try again[parameter.name]?.elements(as: Float.self)
              == parameter.tensor.elements(as: Float.self))
        }
        try again.check(body: store.bodyHash())
        try encoder.wordEmbeddings.scale(by: 2)
        let error = #expect(throws: TransformerError.self) {
          try again.check(body: store.bodyHash())
        }
        #expect(error?.message.contains("belongs to the body") == true)
        try encoder.wordEmbeddings.scale(by: 0.5)
      }
    }
  }

  @Test("merged weights compute what the adapter computed", arguments: kinds.prefix(2))
  func merges(name: String, kind: Adapter.Kind) async throws {
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      let batch = try PackedBatch(Self.rows, for: encoder.configuration)
      let adapter = try Self.adapter(kind, "a", encoder, seed: 1)
      let adapted = try Self.pooled(encoder.adapted(by: .single(adapter)), batch)
      try encoder.merge(adapter)
      #expect(try zip(adapted, Self.pooled(encoder, batch)).allSatisfy(Self.close))
    }
  }

  @Test("what cannot be is said in a sentence")
  func mistakes() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-adapter-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Compute.run {
      let (encoder, _) = try Self.encoder()
      func expect(_ part: String, _ body: () throws -> Void) {
        let error = #expect(throws: TransformerError.self) { try body() }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "none")")
      }
      expect("no linear map fits") {
        var settings = LoRAConfiguration()
        settings.selection = LinearSelection(["c_attn"])
        _ = try encoder.makeAdapter(.lora(settings), name: "a")
      }
      expect("cannot be an adapter's name") {
        _ = try encoder.makeAdapter(.bottleneck(.pfeiffer), name: "a.b")
      }
      let bottleneck = try Self.adapter(.bottleneck(.pfeiffer), "a", encoder, seed: 1)
      expect("cannot be merged") { try encoder.merge(bottleneck) }
      expect("3 choices of adapters for 6 rows") {
        _ = try AdapterRows(Self.rows, using: [0, 0, 0], for: encoder.configuration)
      }
      expect("cannot be read") { _ = try Adapter(folder) }
      try bottleneck.save(to: folder, prefix: "roberta")
      let config = folder.appendingPathComponent("adapter_config.json")
      let text = try String(contentsOf: config, encoding: .utf8)
      for (old, new, sentence) in [
        ("\"phm_layer\" : false", "\"phm_layer\" : true", "hypercomplex"),
        (
          "\"reduction_factor\" : 16", "\"reduction_factor\" : \"x\"",
          "'reduction_factor' is not a number"
        ),
        (
          "\"non_linearity\" : \"relu\"", "\"non_linearity\" : \"maxout\"",
          "'non_linearity' is 'maxout'"
        ),
      ] {
        let changed = text.replacingOccurrences(of: old, with: new)
        #expect(changed != text)
        try Data(changed.utf8).write(to: config)
        expect(sentence) { _ = try Adapter(folder) }
      }
      // Another width than the body's.
      try Data(
        text.replacingOccurrences(of: "\"reduction_factor\" : 16", with: "\"reduction_factor\" : 4")
          .utf8
      ).write(to: config)
      let other = try Adapter(folder)
      expect("has shape [1, 16], the body asks for [4, 16]") {
        _ = try encoder.adapted(by: .single(other))
      }
      try FileManager.default.removeItem(at: folder.appendingPathComponent("adapter.safetensors"))
      expect("has no weights; expected adapter.safetensors or") { _ = try Adapter(folder) }
    }
  }
}
