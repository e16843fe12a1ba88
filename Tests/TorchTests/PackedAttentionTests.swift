// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

/// Koine's own inference kernel beside the engine's attention.
@Suite(.serialized) struct PackedAttentionTests {
  /// Rows of several lengths: one key and many, full blocks and remainders, padding at the end.
  private static let groups: [Tensor.RowGroup] = {
    var groups: [Tensor.RowGroup] = []
    var start = 0
    for (rows, length, keys) in [
      (3, 1, 1), (2, 5, 5), (2, 9, 4), (1, 32, 32), (2, 33, 33), (1, 67, 50),
    ] {
      groups.append(.init(start: start, rowCount: rows, length: length, keyLength: keys))
      start += rows * length
    }
    return groups
  }()

  private static func reference(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int
  ) throws -> [Float] {
    var all: [Float] = []
    for group in groups {
      func split(_ tensor: Tensor, _ length: Int) throws -> Tensor {
        try tensor.narrowed(0, start: group.start, length: group.rowCount * group.length)
          .reshaped([group.rowCount, group.length, heads, -1]).transposed(1, 2)
          .narrowed(2, start: 0, length: length)
      }
      let context = try split(q, group.length)
        .attention(keys: split(k, group.keyLength), values: split(v, group.keyLength))
      all += try context.transposed(1, 2).reshaped([-1]).elements(as: Float.self)
    }
    return all
  }

  @Test(
    "gives what attention over each length gives", arguments: [5, 12, 16, 24, 32, 48, 64],
    [1.0, 30])
  func equalsEngine(width: Int, scale: Double) async throws {
    try await Compute.run {
      try Engine.seed(5)
      let heads = 3
      let tokens = Self.groups.reduce(0) { $0 + $1.rowCount * $1.length }
      let shape = [tokens, heads * width]
      // Large scores make the softmax nearly a choice, where a careless exponential overflows.
      let q = try Tensor.normal(shape).multiplied(by: scale)
      let (k, v) = (try Tensor.normal(shape), try Tensor.normal(shape))
      let packed = try q.packedAttention(keys: k, values: v, groups: Self.groups, headCount: heads)
      let expected = try Self.reference(q, k, v, heads: heads)
      let found = try packed.elements(as: Float.self)
      #expect(found.count == expected.count)
      // The scores' own rounding grows with their size.
      #expect(zip(found, expected).allSatisfy { Double(abs($0 - $1)) < 1e-5 * max(scale, 2) })
    }
  }

  @Test("groups that lie outside of the tokens are refused")
  func badGroups() async throws {
    try await Compute.run {
      let x = try Tensor.zeros([4, 32])
      for group in [
        Tensor.RowGroup(start: 0, rowCount: 1, length: 5, keyLength: 5),
        .init(start: 0, rowCount: 1, length: 4, keyLength: 0),
        .init(start: -1, rowCount: 1, length: 1, keyLength: 1),
        .init(start: 0, rowCount: 1, length: 2, keyLength: 3),
      ] {
        #expect(throws: TorchError.self) {
          try x.packedAttention(keys: x, values: x, groups: [group], headCount: 2)
        }
      }
      #expect(throws: TorchError.self) {
        try x.packedAttention(keys: x, values: x, groups: [], headCount: 5)
      }
    }
  }

  @Test("a weight laid out beforehand gives the same product")
  func packedWeight() async throws {
    try await Compute.run {
      try GradientMode.disabled {
        let (x, w, b) = (
          try Tensor.normal([9, 32]), try Tensor.normal([48, 32]), try Tensor.normal([48])
        )
        let residual = try Tensor.normal([9, 48])
        let plain = try x.linear(w, b)
        let packed = try x.fusedLinear(w.packedForLinear(), b)
        #expect(try Self.distance(plain, packed) < 1e-5)
        let sum = try x.fusedLinear(w.packedForLinear(), b, adding: residual)
        #expect(try Self.distance(plain.adding(residual), sum) < 1e-5)
      }
    }
  }

  @Test("a change in place raises the version")
  func versions() async throws {
    try await Compute.run {
      let w = try Tensor.normal([4, 4])
      let first = w.version
      try GradientMode.disabled { try w.copy(from: .zeros([4, 4])) }
      #expect(w.version > first)
    }
  }

  private static func distance(_ a: Tensor, _ b: Tensor) throws -> Float {
    try a.subtracting(b).elements(as: Float.self).map(abs).max() ?? .infinity
  }
}
