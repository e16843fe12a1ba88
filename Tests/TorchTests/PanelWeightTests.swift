// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

/// Koine's own products in single precision beside the engine's.
@Suite(.serialized, .enabled(if: PanelWeight.isSupported)) struct PanelWeightTests {
  @Test(
    "give what the engine's give, with activation and residual",
    arguments: [(1, 4, 64), (6, 37, 3), (7, 64, 70), (13, 100, 130), (23, 384, 192), (700, 9, 65)],
    [Tensor.Activation.gelu, .relu, .silu, nil])
  func equalsEngine(
    sizes: (count: Int, inputs: Int, outputs: Int), activation: Tensor.Activation?
  ) async throws {
    try await Compute.run {
      try Engine.seed(2)
      let x = try Tensor.normal([sizes.count, sizes.inputs + 7])
        .narrowed(1, start: 3, length: sizes.inputs)
      let w = try Tensor.normal([sizes.outputs, sizes.inputs])
      let bias = try Tensor.normal([sizes.outputs])
      let residual = try Tensor.normal([sizes.count, sizes.outputs])
      try GradientMode.disabled {
        for (b, r) in [(bias, residual), (nil, nil)] as [(Tensor?, Tensor?)] {
          let weight = try PanelWeight(w, bias: b)
          let plain = try x.smallLinear(w, b).activated(activation)
          let expected = try (r.map { try plain.adding($0) } ?? plain).elements(as: Float.self)
          let found = try weight(x, activation: activation, adding: r).elements(as: Float.self)
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * max(abs($1), 10) })
        }
      }
    }
  }

  @Test("one thread and two, and rows alone and together, give the same bytes")
  func sameBytes() async throws {
    try await Compute.run {
      try Engine.seed(2)
      let x = try Tensor.normal([1001, 48])
      let weight = try PanelWeight(Tensor.normal([80, 48]), bias: nil)
      try GradientMode.disabled {
        let one = try Engine.withThreads(1) { try weight(x).elements(as: Float.self) }
        let two = try Engine.withThreads(2) { try weight(x).elements(as: Float.self) }
        #expect(one == two)
        let row = try weight(x.narrowed(0, start: 500, length: 1)).elements(as: Float.self)
        #expect(row == Array(one[500 * 80..<501 * 80]))
      }
    }
  }

  @Test("another width and gradients are refused")
  func refusals() async throws {
    try await Compute.run {
      let weight = try PanelWeight(.full([2, 8], 1), bias: nil)
      #expect(throws: TorchError.self) {
        try GradientMode.disabled { try weight(.full([1, 12], 1)) }
      }
      #expect(throws: TorchError.self) { try weight(.full([1, 8], 1)) }
    }
  }
}
