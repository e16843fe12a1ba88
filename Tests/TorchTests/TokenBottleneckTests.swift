// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

/// Bottlenecks of some tokens each, in one call, beside the engine's own operations.
@Suite(.serialized) struct TokenBottleneckTests {
  @Test(
    "add what two maps with an activation between them make of each one's tokens",
    arguments: [(384, 24, 384), (16, 1, 16), (37, 17, 50), (192, 96, 192), (20, 33, 7)],
    [Tensor.Activation.relu, .silu, nil])
  func equalsOperations(
    widths: (inputs: Int, inner: Int, outputs: Int), activation: Tensor.Activation?
  ) async throws {
    try await Compute.run {
      try Engine.seed(6)
      let (inputs, inner, outputs) = widths
      let tokens = 150
      let source = try Tensor.normal([tokens, inputs + 3]).narrowed(1, start: 2, length: inputs)
      let whole = try Tensor.normal([tokens, outputs + 5])
      let target = try whole.narrowed(1, start: 1, length: outputs)
      // Runs of one token, of whole blocks, of more than a piece, and tokens that are left out.
      let ranges = [0..<1, 1..<9, 12..<25, 30..<30, 40..<147]
      let parts = try ranges.enumerated().map { index, range in
        Tensor.TokenBottleneck(
          tokens: range,
          // One that lies in memory the other way round.
          down: try index == 1
            ? .normal([inputs, inner]).multiplied(by: 0.1).transposed()
            : .normal([inner, inputs]).multiplied(by: 0.1),
          downBias: index % 2 == 0 ? try .normal([inner]) : nil,
          up: try .normal([outputs, inner]),
          upBias: index % 3 == 0 ? try .normal([outputs]) : nil, scale: Double(index) - 1.5)
      }
      try GradientMode.disabled {
        let before = try whole.clone()
        let expected = try whole.clone()
        for part in parts where !part.tokens.isEmpty {
          let (start, length) = (part.tokens.lowerBound, part.tokens.count)
          let rows = try source.narrowed(0, start: start, length: length)
          let change = try rows.smallLinear(part.down, part.downBias).activated(activation)
            .smallLinear(part.up, part.upBias)
          try expected.narrowed(1, start: 1, length: outputs)
            .narrowed(0, start: start, length: length).add(change, scale: part.scale)
        }
        try target.addBottlenecks(parts, of: source, activation: activation)
        let (found, wanted) = (
          try whole.elements(as: Float.self), try expected.elements(as: Float.self)
        )
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 2e-4 * max(abs($1), 1) })
        #expect(try before.elements(as: Float.self) != found)
        // What is beside the target and between the parts is as it was.
        let width = outputs + 5
        let old = try before.elements(as: Float.self)
        for token in 0..<tokens {
          #expect(found[token * width] == old[token * width])
          #expect(found[token * width + outputs + 1] == old[token * width + outputs + 1])
        }
      }
    }
  }

  @Test("parts that overlap, lie outside or do not fit, and gradients are refused")
  func refusals() async throws {
    try await Compute.run {
      let x = try Tensor.zeros([10, 4])
      func part(_ tokens: Range<Int>, inner: Int = 2) throws -> Tensor.TokenBottleneck {
        .init(tokens: tokens, down: try .zeros([2, 4]), up: try .zeros([4, inner]))
      }
      let wrong = [
        [try part(0..<5), try part(4..<6)], [try part(5..<11)], [try part(0..<5, inner: 3)],
      ]
      for parts in wrong {
        #expect(throws: TorchError.self) {
          try GradientMode.disabled { try x.addBottlenecks(parts, of: x, activation: nil) }
        }
      }
      #expect(throws: TorchError.self) {
        try x.addBottlenecks([part(0..<5)], of: x, activation: nil)
      }
    }
  }
}
