// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Torch

/// Products with weights of 8 bits beside the same arithmetic in plain Swift.
@Suite(.serialized) struct Int8WeightTests {
  private static let kernels = Int8Weight.Kernel.allCases.filter { $0 <= .best }

  /// Rows as the kernel quantises them, and what they stand for.
  private static func quantised(_ row: [Float]) -> [Float] {
    let (low, high) = (min(row.min() ?? 0, 0), max(row.max() ?? 0, 0))
    let scale = high > low ? (high - low) / 255 : 1
    let zero = (-low / scale).rounded(.toNearestOrEven)
    return row.map { value in
      let byte = (value / scale + zero).rounded(.toNearestOrEven)
      return (min(max(byte, 0), 255) - zero) * scale
    }
  }

  private static func quantised(weight row: [Float]) -> [Float] {
    let most = row.map(abs).max() ?? 0
    guard most > 0 else { return row }
    return row.map { ($0 * (127 / most)).rounded(.toNearestOrEven) * (most / 127) }
  }

  private static func rows(_ tensor: Tensor) throws -> [[Float]] {
    let (width, all) = (tensor.shape[1], try tensor.elements(as: Float.self))
    return (0..<tensor.shape[0]).map { Array(all[$0 * width..<($0 + 1) * width]) }
  }

  @Test(
    "adds up what quantised rows and weights give, by every kernel",
    arguments: [(1, 4, 64), (6, 37, 3), (7, 64, 70), (13, 100, 130), (23, 384, 192), (5, 1, 1)])
  func equalsPlainArithmetic(count: Int, inputs: Int, outputs: Int) async throws {
    try await Compute.run {
      try Engine.seed(7)
      let x = try Tensor.normal([count, inputs]).adding(0.7)
      let w = try Tensor.normal([outputs, inputs])
      let bias = try Tensor.normal([outputs])
      let residual = try Tensor.normal([count, outputs])
      let (left, right) = (
        try Self.rows(x).map { Self.quantised($0) }, try Self.rows(w).map(Self.quantised(weight:))
      )
      let (b, r) = (try bias.elements(as: Float.self), try Self.rows(residual))
      let weight = try Int8Weight(w, bias: bias)
      try GradientMode.disabled {
        for kernel in Self.kernels {
          let found = try Self.rows(weight(x, adding: residual, kernel: kernel))
          for i in 0..<count {
            for j in 0..<outputs {
              let sum = zip(left[i], right[j]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
              let expected = sum + Double(b[j]) + Double(r[i][j])
              // Where a value lies between two bytes, another order of rounding may take the other one.
              let step = 0.1 * Double(right[j].map(abs).max() ?? 0)
              #expect(abs(Double(found[i][j]) - expected) < 1e-4 + step * 0.3, "\(kernel)")
            }
          }
        }
      }
    }
  }

  @Test("all kernels give the same sums")
  func kernelsAgree() async throws {
    try await Compute.run {
      try Engine.seed(9)
      let x = try Tensor.normal([17, 203]).multiplied(by: 30)
      let weight = try Int8Weight(Tensor.normal([75, 203]), bias: nil)
      try GradientMode.disabled {
        let results = try Self.kernels.map { try weight(x, kernel: $0).elements(as: Float.self) }
        for result in results {
          #expect(zip(result, results[0]).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($1), 1) })
        }
      }
    }
  }

  @Test(
    "the largest bytes do not overflow", arguments: kernels)
  func extremes(kernel: Int8Weight.Kernel) async throws {
    try await Compute.run {
      let inputs = 1536
      let x = try Tensor([Float](repeating: 2, count: inputs), shape: [1, inputs])
      let weight = try Int8Weight(
        Tensor([Float](repeating: -3, count: inputs), shape: [1, inputs]), bias: nil)
      let found = try GradientMode.disabled { try weight(x, kernel: kernel).item() }
      #expect(abs(found + 6 * Double(inputs)) < 1)
    }
  }

  @Test(
    "activations are the engine's",
    arguments: [Tensor.Activation.gelu, .geluTanh, .relu, .tanh, .silu])
  func activations(activation: Tensor.Activation) async throws {
    try await Compute.run {
      try Engine.seed(3)
      let x = try Tensor.normal([40, 24]).multiplied(by: 3)
      let weight = try Int8Weight(Tensor.normal([70, 24]), bias: nil)
      try GradientMode.disabled {
        for kernel in Self.kernels {
          let plain = try weight(x, kernel: kernel)
          let expected = try plain.activated(activation).elements(as: Float.self)
          let found = try weight(x, activation: activation, kernel: kernel).elements(as: Float.self)
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-6 * max(abs($1), 1) })
        }
      }
    }
  }

  @Test("a row that is not finite spoils itself and no other", arguments: [Float.nan, .infinity])
  func strangeRows(value: Float) async throws {
    try await Compute.run {
      var numbers = [Float](repeating: 1, count: 3 * 20)
      numbers[27] = value
      let x = try Tensor(numbers, shape: [3, 20])
      let weight = try Int8Weight(.full([5, 20], 0.5), bias: nil)
      let found = try GradientMode.disabled { try Self.rows(weight(x)) }
      #expect(found[1].allSatisfy { $0.isNaN })
      #expect((found[0] + found[2]).allSatisfy { abs($0 - 10) < 0.1 })
    }
  }

  @Test("joined maps and their parts give what each gives alone")
  func joining() async throws {
    try await Compute.run {
      try Engine.seed(4)
      let x = try Tensor.normal([9, 48])
      let maps = try (0..<3).map { _ in
        try Int8Weight(Tensor.normal([128, 48]), bias: Tensor.normal([128]))
      }
      let joined = try #require(try Int8Weight.joined(maps))
      try GradientMode.disabled {
        let all = try joined(x)
        for (index, map) in maps.enumerated() {
          let alone = try map(x).elements(as: Float.self)
          let part = try all.narrowed(1, start: index * 128, length: 128)
          #expect(try part.elements(as: Float.self) == alone)
          let own = try joined.narrowed(to: index * 128..<(index + 1) * 128)
          #expect(try own(x).elements(as: Float.self) == alone)
        }
      }
      let odd = try Int8Weight(Tensor.normal([65, 48]), bias: nil)
      #expect(try Int8Weight.joined([odd, odd]) == nil)
    }
  }

  @Test("one thread and two give the same bytes, and rows with gaps those of rows without")
  func threadsAndStrides() async throws {
    try await Compute.run {
      try Engine.seed(4)
      let wide = try Tensor.normal([700, 96])
      let x = try wide.narrowed(1, start: 16, length: 64)
      let weight = try Int8Weight(Tensor.normal([96, 64]), bias: nil)
      try GradientMode.disabled {
        let one = try Engine.withThreads(1) { try weight(x).elements(as: Float.self) }
        let two = try Engine.withThreads(2) { try weight(x.clone()).elements(as: Float.self) }
        #expect(one == two)
      }
    }
  }

  @Test("weights that are not finite, wrong widths and gradients are refused")
  func refusals() async throws {
    try await Compute.run {
      #expect(throws: TorchError.self) {
        try Int8Weight(Tensor([1, .nan], shape: [1, 2]), bias: nil)
      }
      let weight = try Int8Weight(.full([2, 8], 1), bias: nil)
      #expect(throws: TorchError.self) {
        try GradientMode.disabled { try weight(.full([1, 12], 1)) }
      }
      #expect(throws: TorchError.self) { try weight(.full([1, 8], 1)) }
    }
  }
}
