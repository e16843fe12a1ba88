// SPDX-License-Identifier: Apache-2.0

import TestWorld
import Testing
import Torch

@testable import Transformers

/// An encoder whose layers were laid out for a training in which they stay, beside itself as it was.
@Suite(.serialized, .enabled(if: PanelWeight.isSupported, "needs AVX-512"))
struct FrozenEncoderTests {
  @Test(
    "states and adapters' gradients are those of the encoder as it was",
    arguments: [(Adapter.Kind.bottleneck(.pfeiffer), 6), (.lora(LoRAConfiguration()), 4)],
    [false, true])
  func equalsPlain(_ method: (kind: Adapter.Kind, frozenCount: Int), isCheckpointed: Bool)
    async throws
  {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      try Engine.seed(5)
      let encoder = try EncoderCheckpoint(folder.appendingPathComponent("base")).encoder()
      let adapter = try encoder.makeAdapter(method.kind, name: "task")
      try GradientMode.disabled {
        for parameter in adapter.parameters {
          try parameter.tensor.copy(from: .normal(parameter.tensor.shape).multiplied(by: 0.1))
        }
      }
      let batch = try PackedBatch([[0, 7, 8, 9, 2], [0, 11, 2]], for: encoder.configuration)
      func learned(_ encoder: Encoder) throws -> [[Float]] {
        var encoder = encoder
        encoder.checkpointsActivations = isCheckpointed
        return try GradientMode.enabled {
          for parameter in adapter.parameters {
            try parameter.tensor.setRequiresGradient(true)
            try parameter.tensor.clearGradient()
          }
          let states = try encoder(batch)
          try states.multiplied(by: states).multiplied(by: states).sum().backward()
          let gradients = try adapter.parameters.map {
            try $0.tensor.gradient()?.elements(as: Float.self) ?? []
          }
          return [try states.detached().elements(as: Float.self)] + gradients
        }
      }
      let plain = try encoder.adapted(by: .single(adapter), isTraining: true)
      let frozen = try plain.frozen()
      var count = 0
      for var layer in frozen.layers {
        layer.forEachLinear { count += $0.frozenWeight == nil ? 0 : 1 }
      }
      // Of LoRA, queries and values have another weight in each step.
      #expect(count == method.frozenCount * frozen.layers.count)
      for (one, other) in zip(try learned(frozen), try learned(plain)) {
        #expect(one.count == other.count && !one.isEmpty)
        #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) })
      }
    }
    withExtendedLifetime(world) {}
  }
}
