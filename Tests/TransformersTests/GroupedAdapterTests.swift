// SPDX-License-Identifier: Apache-2.0

import Testing
import Torch

@testable import Transformers

/// Rows of one batch that use different adapters, which are computed together where they are of one kind.
@Suite(.serialized) struct GroupedAdapterTests {
  private static func check(
    _ encoder: Encoder, _ adapters: [AdapterComposition], _ choices: [Int?]
  ) throws {
    let rows = try AdapterRows(WideEncoder.rows, using: choices, for: encoder.configuration)
    let composition = try rows.composition(adapters)
    let mixed = try WideEncoder.pooled(encoder.adapted(by: composition), rows.batch)
    let batch = try PackedBatch(WideEncoder.rows, for: encoder.configuration)
    let plain = try WideEncoder.pooled(encoder, batch)
    for (index, choice) in choices.enumerated() {
      let alone = try choice.map { try encoder.adapted(by: adapters[$0]) } ?? encoder
      let expected = try WideEncoder.pooled(alone, batch)[index]
      #expect(zip(mixed[index], expected).allSatisfy { abs($0 - $1) < 2e-5 }, "row \(index)")
      if choice != nil {
        #expect(WideEncoder.greatestDifference([plain[index]], [expected]) > 1e-3)
      }
    }
    // With gradients each part is computed by itself; the results are the same.
    let slow = try Pooling.mean(encoder.adapted(by: composition)(rows.batch), rows.batch)
    for (index, row) in mixed.enumerated() {
      let other = try slow.selected(0, index).elements(as: Float.self)
      #expect(zip(row, other).allSatisfy { abs($0 - $1) < 2e-5 })
    }
  }

  @Test("rows with adapters of one kind", arguments: WideEncoder.kinds, [32, 64])
  func oneKind(kind: (String, Adapter.Kind), width: Int) async throws {
    try await Compute.run {
      let (encoder, _) = try WideEncoder.make(width: width)
      let adapters = try (0..<4).map {
        AdapterComposition.single(
          try WideEncoder.adapter(kind.1, "a\($0)", encoder, seed: UInt64($0 + 1)))
      }
      try Self.check(encoder, adapters, [0, 1, nil, 2, 3, 1, 0, 3])
      try Self.check(encoder.packed(), adapters, [3, 2, 1, 0, 0, 1, 2, 3])
    }
  }

  @Test("rows with adapters of different kinds, stacks among them")
  func mixedKinds() async throws {
    try await Compute.run {
      let (encoder, _) = try WideEncoder.make(width: 32)
      var parallel = BottleneckConfiguration()
      (parallel.isParallel, parallel.scale, parallel.followsAttention) = (true, 2, true)
      var normed = BottleneckConfiguration.pfeiffer
      (normed.hasNormBefore, normed.hasNormAfter) = (true, true)
      var around = BottleneckConfiguration.pfeiffer
      around.keepsSublayerOutput = false
      func adapter(_ kind: Adapter.Kind, _ seed: Int) throws -> AdapterComposition {
        .single(try WideEncoder.adapter(kind, "a\(seed)", encoder, seed: UInt64(seed)))
      }
      let language = try adapter(.bottleneck(.language), 1)
      let adapters: [AdapterComposition] = [
        .stack([language, try adapter(.bottleneck(.pfeiffer), 2)]),
        .stack([language, try adapter(.bottleneck(.houlsby), 3), try adapter(.lora(.init()), 4)]),
        try adapter(.bottleneck(parallel), 5), try adapter(.bottleneck(normed), 6),
        try adapter(.bottleneck(around), 7), try adapter(.lora(.init()), 8), language,
      ]
      try Self.check(encoder, adapters, [0, 1, 2, 3, 4, 5, 6, 0])
      try Self.check(encoder, adapters, [6, 6, 1, 1, 0, 0, nil, 2])
    }
  }
}
