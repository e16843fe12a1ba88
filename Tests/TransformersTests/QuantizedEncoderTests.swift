// SPDX-License-Identifier: Apache-2.0

import Testing
import Torch

@testable import Transformers

@Suite(.serialized) struct QuantizedEncoderTests {
  @Test("an encoder in int8 says nearly what it says in single precision", arguments: [48, 64])
  func near(width: Int) async throws {
    try await Compute.run {
      let (encoder, _) = try WideEncoder.make(width: width)
      let batch = try PackedBatch(WideEncoder.rows, for: encoder.configuration)
      let exact = try WideEncoder.pooled(encoder, batch)
      let found = try WideEncoder.pooled(encoder.quantized(), batch)
      for (left, right) in zip(exact, found) {
        #expect(WideEncoder.cosine(left, right) > 0.999)
      }
      #expect(exact != found)
    }
  }

  @Test("adapters work above it as above the encoder", arguments: WideEncoder.kinds, [48, 64])
  func adapters(kind: (String, Adapter.Kind), width: Int) async throws {
    try await Compute.run {
      let (encoder, _) = try WideEncoder.make(width: width)
      let adapter = try WideEncoder.adapter(kind.1, "a", encoder, seed: 2)
      let batch = try PackedBatch(WideEncoder.rows, for: encoder.configuration)
      let int8 = try encoder.quantized()
      let without = try WideEncoder.pooled(encoder, batch)
      let exact = try WideEncoder.pooled(encoder.adapted(by: .single(adapter)), batch)
      let found = try WideEncoder.pooled(int8.adapted(by: .single(adapter)), batch)
      #expect(WideEncoder.greatestDifference(exact, without) > 0.02)
      #expect(
        WideEncoder.greatestDifference(exact, found)
          < WideEncoder.greatestDifference(exact, without))
      for (left, right) in zip(exact, found) {
        #expect(WideEncoder.cosine(left, right) > 0.998)
      }
      // Taking the adapter off gives the body back.
      let off = try int8.adapted(by: .single(adapter)).adapted(by: .split([]))
      let body = try WideEncoder.pooled(int8, batch)
      #expect(try WideEncoder.pooled(off, batch) == body)
    }
  }

  @Test("each row gets its own adapter", arguments: WideEncoder.kinds)
  func rows(kind: (String, Adapter.Kind)) async throws {
    try await Compute.run {
      let (encoder, _) = try WideEncoder.make(width: 64)
      let int8 = try encoder.quantized()
      let adapters = try (0..<3).map {
        AdapterComposition.single(
          try WideEncoder.adapter(kind.1, "a\($0)", encoder, seed: UInt64($0 + 1)))
      }
      let choices: [Int?] = [0, 1, nil, 2, 0, 1, 2, 2]
      let rows = try AdapterRows(WideEncoder.rows, using: choices, for: encoder.configuration)
      let mixed = try WideEncoder.pooled(
        int8.adapted(by: rows.composition(adapters)), rows.batch)
      let batch = try PackedBatch(WideEncoder.rows, for: encoder.configuration)
      for (index, choice) in choices.enumerated() {
        let alone = try choice.map { try int8.adapted(by: adapters[$0]) } ?? int8
        let expected = try WideEncoder.pooled(alone, batch)[index]
        // Rounding of single precision may move a state to the next byte.
        #expect(WideEncoder.cosine(mixed[index], expected) > 0.9999)
      }
    }
  }

  @Test("later changes to weights do not reach it, and it has no gradients")
  func isApart() async throws {
    try await Compute.run {
      let (encoder, store) = try WideEncoder.make(width: 64)
      let batch = try PackedBatch(WideEncoder.rows, for: encoder.configuration)
      let int8 = try encoder.quantized()
      let before = try WideEncoder.pooled(int8, batch)
      for parameter in store.parameters where parameter.name.contains("intermediate") {
        try parameter.tensor.scale(by: 2)
      }
      #expect(try WideEncoder.pooled(int8, batch) == before)
      #expect(throws: TorchError.self) { try int8(batch) }
    }
  }
}
