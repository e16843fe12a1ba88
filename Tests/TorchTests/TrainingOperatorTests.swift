// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

/// The operators of training beside the engine's own: values and every gradient.
@Suite(.serialized) struct TrainingOperatorTests {
  private static func leaf(_ shape: [Int], learns: Bool = true) throws -> Tensor {
    let tensor = try Tensor.normal(shape)
    if learns { try tensor.setRequiresGradient() }
    return tensor
  }

  /// The gradients of leaves by a weighted sum of what a function makes of them; nil where a leaf has none.
  private static func gradients(
    _ leaves: [Tensor], _ weights: Tensor, _ function: () throws -> Tensor
  ) throws -> (value: [Float], gradients: [[Float]?]) {
    try GradientMode.enabled {
      for leaf in leaves { try leaf.clearGradient() }
      let output = try function()
      try output.multiplied(by: weights).sum().backward()
      return (
        try output.detached().elements(as: Float.self),
        try leaves.map { try $0.gradient()?.elements(as: Float.self) }
      )
    }
  }

  private static func isNear(_ left: [Float], _ right: [Float], _ tolerance: Float = 2e-5) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  private static func areNear(_ left: [[Float]?], _ right: [[Float]?]) -> Bool {
    zip(left, right).allSatisfy { left, right in
      guard let left, let right else { return left == nil && right == nil }
      return isNear(left, right, 1e-4)
    }
  }

  @Test(
    "a map that stays as it is has the engine's value and the input's gradient",
    .enabled(if: PanelWeight.isSupported, "needs AVX-512"),
    arguments: [(1, 4, 64), (7, 37, 3), (13, 130, 100), (700, 64, 65)])
  func frozenLinear(sizes: (count: Int, inputs: Int, outputs: Int)) async throws {
    try await Compute.run {
      try Engine.seed(4)
      let x = try Tensor.normal([sizes.count, sizes.inputs])
      let weight = try Tensor.normal([sizes.outputs, sizes.inputs])
      let bias = try Tensor.normal([sizes.outputs])
      let weights = try Tensor.normal([sizes.count, sizes.outputs])
      try x.setRequiresGradient(true)
      for bias in [bias, nil] {
        let frozen = try FrozenWeight(weight, bias: bias)
        let own = try Self.gradients([x], weights) { try frozen(x) }
        let expected = try Self.gradients([x], weights) { try x.smallLinear(weight, bias) }
        #expect(Self.areNear([own.value], [expected.value]))
        #expect(Self.areNear(own.gradients, expected.gradients))
        // Rows of tokens, and a gradient that does not lie as the output does.
        let turned = try weights.transposed()
        func rows(_ map: (Tensor) throws -> Tensor) throws -> Tensor {
          try map(x.reshaped([1, sizes.count, sizes.inputs]))
            .reshaped([sizes.count, sizes.outputs]).transposed()
        }
        let deep = try Self.gradients([x], turned) { try rows { try frozen($0) } }
        let plain = try Self.gradients([x], turned) {
          try rows { try $0.smallLinear(weight, bias) }
        }
        #expect(Self.areNear([deep.value], [plain.value]))
        #expect(Self.areNear(deep.gradients, plain.gradients))
      }
    }
  }

  @Test(
    "a linear map has the engine's value and gradients, and none for what is frozen",
    arguments: [true, false], [true, false])
  func linear(learnsWeight: Bool, learnsInput: Bool) async throws {
    try await Compute.run {
      try Engine.seed(3)
      let x = try Self.leaf([3, 7, 24], learns: learnsInput)
      let weight = try Self.leaf([40, 24], learns: learnsWeight)
      let bias = try Self.leaf([40])
      let leaves = [x, weight, bias]
      let weights = try Tensor.normal([3, 7, 40])
      let own = try Self.gradients(leaves, weights) { try x.trainingLinear(weight, bias) }
      let expected = try Self.gradients(leaves, weights) { try x.smallLinear(weight, bias) }
      #expect(Self.isNear(own.value, expected.value))
      #expect(Self.areNear(own.gradients, expected.gradients))
      #expect((own.gradients[0] != nil) == learnsInput)
      #expect((own.gradients[1] != nil) == learnsWeight)
    }
  }

  @Test("a low-rank change within the weight learns what it learns beside it")
  func lowRank() async throws {
    try await Compute.run {
      try Engine.seed(4)
      let x = try Self.leaf([11, 24])
      let weight = try Self.leaf([16, 24], learns: false)
      let bias = try Self.leaf([16], learns: false)
      let (down, up) = (try Self.leaf([4, 24]), try Self.leaf([16, 4]))
      let leaves = [x, weight, bias, down, up]
      let weights = try Tensor.normal([11, 16])
      let own = try Self.gradients(leaves, weights) {
        try x.trainingLinear(weight, bias, change: .init(down: down, up: up, scale: 0.7))
      }
      let expected = try Self.gradients(leaves, weights) {
        try x.smallLinear(weight, bias)
          .adding(x.smallLinear(down, nil).smallLinear(up, nil), scale: 0.7)
      }
      #expect(Self.isNear(own.value, expected.value))
      #expect(Self.areNear(own.gradients, expected.gradients))
      #expect(own.gradients[1] == nil && own.gradients[3] != nil)
    }
  }

  @Test("a weight that does not fit is refused")
  func misfit() async throws {
    await #expect(throws: TorchError.self) {
      try await Compute.run {
        _ = try Tensor.normal([3, 5]).trainingLinear(Tensor.normal([4, 6]), nil)
      }
    }
  }

  @Test("attention within rows has the gradients of attention over each row")
  func attention() async throws {
    try await Compute.run {
      try Engine.seed(5)
      var groups: [Tensor.RowGroup] = []
      var tokens = 0
      for (rows, length, keys) in [(2, 1, 1), (3, 6, 6), (2, 9, 4), (1, 40, 40)] {
        groups.append(.init(start: tokens, rowCount: rows, length: length, keyLength: keys))
        tokens += rows * length
      }
      let leaves = try (0..<3).map { _ in try Self.leaf([tokens, 32]) }
      let weights = try Tensor.normal([tokens, 32])
      let own = try Self.gradients(leaves, weights) {
        try leaves[0].rowAttention(
          keys: leaves[1], values: leaves[2], groups: groups, headCount: 2, scale: 0.3)
      }
      let expected = try Self.gradients(leaves, weights) {
        let parts = try groups.map { group in
          func split(_ tensor: Tensor, _ length: Int) throws -> Tensor {
            try tensor.narrowed(0, start: group.start, length: group.rowCount * group.length)
              .reshaped([group.rowCount, group.length, 2, -1]).transposed(1, 2)
              .narrowed(2, start: 0, length: length)
          }
          let scores = try split(leaves[0], group.length)
            .matmul(split(leaves[1], group.keyLength).transposed(2, 3)).multiplied(by: 0.3)
          return try scores.softmax().matmul(split(leaves[2], group.keyLength))
            .transposed(1, 2).reshaped([group.rowCount * group.length, 32])
        }
        return try Tensor.concatenated(parts)
      }
      #expect(Self.isNear(own.value, expected.value))
      #expect(Self.areNear(own.gradients, expected.gradients))
    }
  }

  @Test(
    "dropout drops its share, scales the rest, and lets gradients through where it did not drop")
  func dropout() async throws {
    try await Compute.run {
      try Engine.seed(6)
      let ones = try Tensor.full([200, 500], 1)
      let residual = try Tensor.full([200, 500], 2)
      for leaf in [ones, residual] { try leaf.setRequiresGradient() }
      let found = try Self.gradients([ones, residual], Tensor.full([200, 500], 1)) {
        try ones.dropout(0.3, adding: residual)
      }
      let values = found.value
      let kept = Float(2 + 1 / 0.7)
      for value in values { #expect(value == 2 || abs(value - kept) < 1e-5) }
      let dropped = values.map { $0 == 2 }
      #expect(abs(Self.share(dropped, dropped[...]) - 0.3) < 0.006)
      // Neighbours, in a row and in a column, are dropped independently of each other.
      for distance in [1, 2, 16, 500] {
        #expect(abs(Self.share(dropped, dropped.dropFirst(distance)) - 0.09) < 0.006, "\(distance)")
      }
      let gradients = found.gradients[0] ?? []
      #expect(gradients.count == values.count)
      #expect(Self.isNear(gradients, values.map { $0 - 2 }))
      #expect(found.gradients[1] == [Float](repeating: 1, count: values.count))
    }
  }

  /// How often both are true.
  private static func share(_ left: [Bool], _ right: ArraySlice<Bool>) -> Double {
    var count = 0
    for (left, right) in zip(left, right) where left && right { count += 1 }
    return Double(count) / Double(left.count)
  }

  @Test("the same seed drops the same, whatever the number of threads; the next call drops others")
  func seeds() async throws {
    try await Compute.run {
      let ones = try Tensor.full([300, 700], 1)
      func twice() throws -> [[Float]] {
        try Engine.seed(9)
        return try (0..<2).map { _ in try ones.dropout(0.5).elements(as: Float.self) }
      }
      let one = try Engine.withThreads(1) { try twice() }
      let two = try Engine.withThreads(2) { try twice() }
      #expect(one == two)
      let kept = one.map { $0.map { $0 > 0 } }
      #expect(abs(Self.share(kept[0], kept[1][...]) - 0.25) < 0.01)
    }
  }

  @Test(
    "a part that is computed again has the same value and gradients to the last bit, dropout too")
  func checkpointing() async throws {
    try await Compute.run {
      try Engine.seed(7)
      let x = try Self.leaf([9, 24])
      let weight = try Self.leaf([24, 24])
      let bias = try Self.leaf([24])
      let weights = try Tensor.normal([9, 24])
      func part(_ input: Tensor) throws(TorchError) -> Tensor {
        try input.trainingLinear(weight, bias).activated(.gelu).dropout(0.4, adding: input)
      }
      func run(_ keeps: Bool) throws -> (value: [Float], gradients: [[Float]?]) {
        try Engine.seed(8)
        return try Self.gradients([x, weight, bias], weights) {
          let first = try x.multiplied(by: 2)
          let second = keeps ? try part(part(first)) : try part(first.checkpointed(part))
          return try keeps ? part(second) : second.checkpointed(part)
        }
      }
      let (kept, again) = (try run(true), try run(false))
      #expect(kept.value == again.value)
      #expect(kept.gradients == again.gradients)
      #expect(again.gradients.allSatisfy { $0?.contains { $0 != 0 } == true })
      let before = Tensor.liveCount
      _ = try run(false)
      #expect(Tensor.liveCount == before)
    }
  }

  @Test("a part that fails says why")
  func failure() async throws {
    await #expect {
      try await Compute.run {
        _ = try Self.leaf([2, 3]).checkpointed { (_) throws(TorchError) in
          throw TorchError(.operation, "not today")
        }
      }
    } throws: { error in
      (error as? TorchError)?.message.contains("not today") == true
    }
  }

  @Test(
    "products in bfloat16 are near those in single precision, gradients too, and end with their block"
  )
  func halfProducts() async throws {
    try await Compute.run {
      try Engine.seed(8)
      let leaves = [try Self.leaf([30, 64]), try Self.leaf([48, 64]), try Self.leaf([48])]
      let weights = try Tensor.normal([30, 48])
      let map = { try leaves[0].trainingLinear(leaves[1], leaves[2]) }
      let whole = try Self.gradients(leaves, weights, map)
      let half = try Self.gradients(leaves, weights) { try ProductPrecision.bfloat16 { try map() } }
      let after = try Self.gradients(leaves, weights, map)
      #expect(after.value == whole.value)
      func distance(_ left: [Float], _ right: [Float]) -> Double {
        let (difference, size) = zip(left, right).reduce((0.0, 0.0)) { sums, pair in
          let gap = Double(pair.0) - Double(pair.1)
          return (sums.0 + gap * gap, sums.1 + Double(pair.1) * Double(pair.1))
        }
        return (difference / size).squareRoot()
      }
      // bfloat16 has 8 bits: each factor is off by a 500th.
      #expect(distance(half.value, whole.value) > 1e-5)
      #expect(distance(half.value, whole.value) < 0.01)
      for (half, whole) in zip(half.gradients, whole.gradients) {
        #expect(distance(half ?? [], whole ?? []) < 0.01)
      }
    }
  }
}
