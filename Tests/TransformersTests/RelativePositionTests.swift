// SPDX-License-Identifier: Apache-2.0

import Testing
import Torch

@testable import Transformers

/// Buckets of distances, by hand from the formula.
@Suite struct RelativePositionTests {
  @Test("near distances have a bucket each, far ones share them, and the farthest the last")
  func buckets() {
    func bucket(_ offset: Int, _ isBidirectional: Bool) -> Int {
      RelativePositions.bucket(
        offset, count: 32, maximumDistance: 128, isBidirectional: isBidirectional)
    }
    // An encoder's: 16 for each direction, of which 8 are exact; log(16/8) / log(128/8) of 8 is 2.
    #expect(
      [0, -1, -7, -8, -16, -32, -127, -500].map { bucket($0, true) } == [
        0, 1, 7, 8, 10, 12, 15, 15,
      ])
    #expect([1, 7, 16, 64, 128].map { bucket($0, true) } == [17, 23, 26, 30, 31])
    // A decoder's: 32 for the past, of which 16 are exact; the future has the bucket of distance zero.
    #expect(
      [5, 0, -15, -16, -32, -64, -127, -128].map { bucket($0, false) } == [
        0, 0, 15, 16, 21, 26, 31, 31,
      ])
  }

  @Test("a step's bias is the last row of the whole one, and the future is closed")
  func steps() async throws {
    try await Compute.run {
      let store = ParameterStore(.fresh)
      let bias = try RelativePositions(
        store.scope, bucketCount: 8, maximumDistance: 10, headCount: 2, isCausal: true)
      let whole = try bias(queries: 0..<6, keyCount: 6)
      let step = try bias(queries: 5..<6, keyCount: 6)
      #expect(
        try whole.selected(1, 5).elements(as: Float.self)
          == step.selected(1, 0).elements(as: Float.self))
      let first = try whole.selected(0, 1).selected(0, 2).elements(as: Float.self)
      #expect(first[..<3].allSatisfy(\.isFinite) && first[3...].allSatisfy { $0 == -.infinity })
    }
  }
}
