// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Torch

@Suite(.serialized, .timeLimit(.minutes(60)))
struct LargeTensorTests {
  /// Sizes that never come again, as of batches of texts, from one to thirty megabytes.
  private static func sizes(_ count: Int) -> [Int] {
    var state: UInt64 = 7
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 262_144 + Int(state >> 33) % 7_340_032
    }
  }

  @Test(
    "what is kept of freed tensors is bounded by what was once needed",
    .enabled(if: hasOwnMemory, "tensors are in the system allocator's memory here"))
  func bounded() async throws {
    try await Compute.run {
      Engine.releaseFreeMemory()
      // Other suites' tensors may be freed meanwhile; none is made, since this is the compute thread.
      let before = Engine.largeTensorBytes
      var most = before.used
      for round in 0..<20 {
        var tensors: [Tensor] = []
        for size in Self.sizes(400)[(round * 20)..<(round * 20 + 20)] {
          tensors.append(try Tensor.zeros([size]))
          let now = Engine.largeTensorBytes
          most = max(most, now.used)
          #expect(now.held <= most + most / 8)
          #expect(now.used >= tensors.reduce(0) { $0 + $1.count * 4 })
        }
      }
      let after = Engine.largeTensorBytes
      #expect(after.used <= before.used && after.held > after.used)
      Engine.releaseFreeMemory()
      #expect(Engine.largeTensorBytes.held <= before.used)
    }
  }

  @Test("tensors that take the place of freed ones hold their own numbers, and only those")
  func reused() async throws {
    try await Compute.run {
      for round in 0..<3 {
        let one = try Tensor([Float](repeating: Float(round), count: 600_000))
        let other = try Tensor([Float](repeating: -1, count: 600_000))
        try other.copy(from: one.multiplied(by: 2))
        #expect(try one.elements(as: Float.self).allSatisfy { $0 == Float(round) })
        #expect(try other.elements(as: Float.self).allSatisfy { $0 == Float(round) * 2 })
        #expect(try Tensor.zeros([600_001]).elements(as: Float.self).allSatisfy { $0 == 0 })
      }
    }
  }
}

private let hasOwnMemory: Bool = {
  #if os(Linux)
    true
  #else
    false
  #endif
}()
