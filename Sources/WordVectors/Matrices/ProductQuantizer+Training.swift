// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ProductQuantizer {
  /// The most rows that the centroids are learnt from.
  private static let sampleLimit = 256 * 256
  /// Rounds of k-means.
  private static let rounds = 25

  /// Learns the centroids of each part from rows laid end to end: k-means from 256 rows drawn at random.
  mutating func train(on rows: UnsafePointer<Float>, count: Int, seed: UInt64) {
    var generator = SplitMix(seed: seed)
    var order = Array(0..<count)
    order.shuffle(using: &generator)
    let sample = order.prefix(Self.sampleLimit)
    for part in 0..<partCount {
      let size = size(ofPart: part)
      var points: [Float] = []
      points.reserveCapacity(sample.count * size)
      for row in sample {
        let start = row * dimension + part * partSize
        for index in start..<start + size { points.append(rows[index]) }
      }
      let place = place(ofPart: part, code: 0)
      centroids.replaceSubrange(
        place..<place + Self.centroidCount * size,
        with: Self.means(of: points, size: size, &generator))
    }
  }

  /// The codes of a row.
  func appendCodes(of row: UnsafePointer<Float>, to codes: inout [UInt8]) {
    centroids.withUnsafeBufferPointer { centroids in
      guard let start = centroids.baseAddress else { return }
      for part in 0..<partCount {
        codes.append(
          Self.nearest(
            row + part * partSize, among: start + place(ofPart: part, code: 0),
            size: size(ofPart: part)))
      }
    }
  }

  private static func means(
    of points: [Float], size: Int, _ generator: inout SplitMix
  ) -> [Float] {
    let count = points.count / size
    // Rows come shuffled, so the first are drawn at random; where there are few, they serve again.
    var means = (0..<centroidCount * size).map { points[$0 % points.count] }
    var codes = [UInt8](repeating: 0, count: count)
    for _ in 0..<rounds {
      points.withUnsafeBufferPointer { points in
        means.withUnsafeBufferPointer { means in
          guard let start = points.baseAddress, let centres = means.baseAddress else { return }
          for index in 0..<count {
            codes[index] = nearest(start + index * size, among: centres, size: size)
          }
        }
      }
      var sums = [Float](repeating: 0, count: centroidCount * size)
      var members = [Int](repeating: 0, count: centroidCount)
      for index in 0..<count {
        let code = Int(codes[index])
        members[code] += 1
        for offset in 0..<size { sums[code * size + offset] += points[index * size + offset] }
      }
      for code in 0..<centroidCount where members[code] > 0 {
        for offset in 0..<size {
          means[code * size + offset] = sums[code * size + offset] / Float(members[code])
        }
      }
      split(&means, &members, size: size, count: count, &generator)
    }
    return means
  }

  /// Gives each centroid without members a half of another's, drawn by how many it has.
  private static func split(
    _ means: inout [Float], _ members: inout [Int], size: Int, count: Int,
    _ generator: inout SplitMix
  ) {
    guard count > centroidCount else { return }
    for empty in 0..<centroidCount where members[empty] == 0 {
      var full = 0
      while generator.index(below: count - centroidCount + 1) >= members[full] - 1 {
        full = (full + 1) % centroidCount
      }
      for offset in 0..<size {
        let shift: Float = offset.isMultiple(of: 2) ? 1e-7 : -1e-7
        means[empty * size + offset] = means[full * size + offset] + shift
        means[full * size + offset] -= shift
      }
      members[empty] = members[full] / 2
      members[full] -= members[empty]
    }
  }

  @inline(__always) private static func nearest(
    _ point: UnsafePointer<Float>, among centroids: UnsafePointer<Float>, size: Int
  ) -> UInt8 {
    var best = 0
    var least = Float.infinity
    for code in 0..<centroidCount {
      var distance: Float = 0
      for index in 0..<size {
        let difference = point[index] - centroids[code * size + index]
        distance += difference * difference
      }
      if distance < least { (best, least) = (code, distance) }
    }
    return UInt8(best)
  }
}
