// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

/// A decoder's step against keys that lie at any places, beside the engine's attention.
@Suite(.serialized) struct StepAttentionTests {
  /// What the engine gives for one row, its keys gathered first.
  private static func reference(
    _ query: Tensor, _ keys: Tensor, _ values: Tensor, _ places: [Int64], heads: Int,
    scale: Double, bias: Tensor?
  ) throws -> [Float] {
    func split(_ tensor: Tensor) throws -> Tensor {
      try tensor.reshaped([1, tensor.shape[0], heads, -1]).transposed(1, 2)
    }
    let index = try Tensor(places)
    return try split(query).attention(
      keys: split(keys.gathered(0, index)), values: split(values.gathered(0, index)),
      bias: bias?.expanded(0), scale: scale
    ).reshaped([-1]).elements()
  }

  @Test(
    "gives what attention to the gathered keys gives", arguments: [3, 16, 40, 64, 128], [1, 70])
  func equalsEngine(width: Int, count: Int) async throws {
    try await Compute.run {
      try Engine.seed(5)
      let (heads, rows, slots) = (3, 4, 90)
      let q = try Tensor.normal([rows, heads * width])
      // Keys and values side by side, as a cache holds them.
      let cache = try Tensor.normal([slots, 2 * heads * width])
      let keys = try cache.narrowed(1, start: 0, length: heads * width)
      let values = try cache.narrowed(1, start: heads * width, length: heads * width)
      let bias = try Tensor.normal([heads, 1, count])
      let places = (0..<(rows * count)).map { Int32(($0 * 37 + $0 / 5) % slots) }
      let scattered = try q.stepAttention(
        keys: keys, values: values, runs: .init(places: places, rowCount: rows), headCount: heads,
        scale: 0.4, bias: bias)
      let ranges = (0..<rows).map { (3 * $0)..<(3 * $0 + count + $0) }
      let following = try q.stepAttention(
        keys: keys, values: values, runs: .init(ranges: ranges), headCount: heads)
      for row in 0..<rows {
        let query = try q.narrowed(0, start: row, length: 1).reshaped([1, -1])
        let own = places[(row * count)..<((row + 1) * count)].map(Int64.init)
        for (found, expected) in [
          (
            scattered,
            try Self.reference(
              query, keys, values, own, heads: heads, scale: 0.4, bias: bias)
          ),
          (
            following,
            try Self.reference(
              query, keys, values, ranges[row].map(Int64.init), heads: heads,
              scale: 1 / Double(width).squareRoot(), bias: nil)
          ),
        ] {
          let values: [Float] = try found.selected(0, row).elements()
          #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
          #expect(values.count == expected.count)
        }
      }
    }
  }

  @Test("places outside of the cache, empty runs and a bias of another shape are refused")
  func badPlaces() async throws {
    try await Compute.run {
      let (q, k) = (try Tensor.zeros([2, 32]), try Tensor.zeros([4, 32]))
      for runs in [
        Tensor.KeyRuns(places: [0, 4], rowCount: 2), .init(places: [0, -1], rowCount: 2),
        .init(ranges: [0..<2, 3..<5]), .init(ranges: [0..<1, 2..<2]), .init(ranges: [0..<1]),
      ] {
        #expect(throws: TorchError.self) {
          try q.stepAttention(keys: k, values: k, runs: runs, headCount: 2)
        }
      }
      #expect(throws: TorchError.self) {
        try q.stepAttention(
          keys: k, values: k, runs: .init(ranges: [0..<2, 1..<4]), headCount: 2,
          bias: .zeros([2, 1, 2]))
      }
    }
  }

  @Test("packed attention adds a bias for each pair of places")
  func packedBias() async throws {
    try await Compute.run {
      try Engine.seed(6)
      let (heads, length, width) = (2, 21, 24)
      let x = try (0..<3).map { _ in try Tensor.normal([2 * length, heads * width]) }
      let bias = try Tensor.normal([heads, 30, 32])
      let found: [Float] = try x[0].packedAttention(
        keys: x[1], values: x[2],
        groups: [.init(start: 0, rowCount: 2, length: length, keyLength: 17)], headCount: heads,
        scale: 0.7, bias: bias
      ).elements()
      func split(_ tensor: Tensor, _ kept: Int) throws -> Tensor {
        try tensor.reshaped([2, length, heads, width]).transposed(1, 2)
          .narrowed(2, start: 0, length: kept)
      }
      let part = try bias.narrowed(1, start: 0, length: length).narrowed(2, start: 0, length: 17)
      let expected: [Float] = try split(x[0], length).attention(
        keys: split(x[1], 17), values: split(x[2], 17), bias: part.expanded(0), scale: 0.7
      ).transposed(1, 2).reshaped([-1]).elements()
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}
