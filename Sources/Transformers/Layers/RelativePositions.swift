// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// What a head adds to a score for the distance from query to key, in buckets (Raffel and others, 2020).
///
/// Half of the buckets hold one distance each, the others ever longer spans up to a largest distance; what is farther
/// shares the last one. An encoder has buckets for each direction, a decoder only for the past.
struct RelativePositions {
  /// `[buckets, heads]`.
  let table: Tensor
  let maximumDistance: Int
  let isCausal: Bool

  init(
    _ scope: ParameterScope, bucketCount: Int, maximumDistance: Int, headCount: Int, isCausal: Bool
  ) throws {
    table = try scope.parameter("weight", [bucketCount, headCount])
    self.maximumDistance = maximumDistance
    self.isCausal = isCausal
  }

  /// The bias of queries at some places to the keys below `keyCount`, `[heads, queries, keys]`.
  ///
  /// In a decoder's, keys after the query get -∞.
  func callAsFunction(queries: Range<Int>, keyCount: Int) throws(TorchError) -> Tensor {
    var indices: [Int32] = []
    indices.reserveCapacity(queries.count * keyCount)
    let bucketCount = table.shape[0]
    let buckets = (-queries.upperBound...keyCount).map {
      Int32(
        Self.bucket(
          $0, count: bucketCount, maximumDistance: maximumDistance, isBidirectional: !isCausal))
    }
    for query in queries {
      for key in 0..<keyCount { indices.append(buckets[key - query + queries.upperBound]) }
    }
    let bias = try table.embedding(Tensor(indices, shape: [queries.count, keyCount]))
      .permuted([2, 0, 1]).contiguous()  // [heads, queries, keys]
    guard isCausal, queries.count > 1 else { return bias }
    let mask = queries.flatMap { query in (0..<keyCount).map { $0 > query ? -Float.infinity : 0 } }
    return try bias.adding(Tensor(mask, shape: [queries.count, keyCount]))
  }

  /// The bucket of a key that stands `offset` tokens after the query.
  static func bucket(
    _ offset: Int, count: Int, maximumDistance: Int, isBidirectional: Bool
  ) -> Int {
    let buckets = isBidirectional ? count / 2 : count
    let first = isBidirectional && offset > 0 ? buckets : 0
    let distance = isBidirectional ? abs(offset) : max(-offset, 0)
    let exact = buckets / 2
    guard distance >= exact else { return first + distance }
    // In single precision, as the reference computes it: distances at the edge of a bucket depend on it.
    let spread =
      log(Float(distance) / Float(exact))
      / Float(log(Double(maximumDistance) / Double(exact))) * Float(buckets - exact)
    return first + min(exact + Int(spread), buckets - 1)
  }
}
