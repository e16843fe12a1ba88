// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Torch

/// A table with a row for each piece, made over for another vocabulary.
struct RowTable {
  private let values: [Float]
  private let width: Int
  private let shape: [Int]
  private let dtype: DType?
  private let rows: Int

  /// A table: `[rows, width]`, or `[rows]` for a bias.
  init(_ tensor: Tensor) throws {
    shape = tensor.shape
    dtype = tensor.dtype
    rows = shape.first ?? 0
    width = shape.dropFirst().reduce(1, *)
    values = try tensor.detached().converted(to: .float32).elements(as: Float.self)
  }

  /// The table of the new vocabulary, in the old one's type: kept and copied rows to the last bit.
  ///
  /// - Parameters:
  ///   - ways: what each new row is made of.
  ///   - pieces: the old ids that have a piece; drawn rows are normal, with the mean and the deviation of these, number by number.
  ///   - seed: seeds what is drawn; a row's numbers follow from it and the row's id.
  func revised(_ ways: [RowMixture], like pieces: [Int], seed: UInt64) throws -> Tensor {
    let spread = ways.contains(.drawn) ? spread(pieces) : []
    let width = width
    let result = [Float](unsafeUninitializedCapacity: ways.count * width) { buffer, count in
      var sum = [Double](repeating: 0, count: width)
      values.withUnsafeBufferPointer { values in
        for (id, way) in ways.enumerated() {
          let start = id * width
          switch way {
          case .copied(let old):
            for place in 0..<width { buffer[start + place] = values[old * width + place] }
          case .mixed(let shares):
            for place in 0..<width { sum[place] = 0 }
            for share in shares {
              for place in 0..<width {
                sum[place] += share.weight * Double(values[share.id * width + place])
              }
            }
            for place in 0..<width { buffer[start + place] = Float(sum[place]) }
          case .drawn:
            var generator = SeededGenerator(seed: seed, stream: UInt64(id))
            for place in 0..<width {
              let (mean, deviation) = spread[place]
              buffer[start + place] = Float(mean + deviation * generator.normal())
            }
          }
        }
      }
      count = ways.count * width
    }
    return try Tensor(result, shape: [ways.count] + shape.dropFirst())
      .converted(to: dtype ?? .float32)
  }

  /// The mean and the deviation of each number over some rows.
  private func spread(_ pieces: [Int]) -> [(mean: Double, deviation: Double)] {
    var (sums, squares) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
    )
    let ids = pieces.filter { $0 < rows }
    let count = Double(max(1, ids.count))
    values.withUnsafeBufferPointer { values in
      for id in ids {
        for place in 0..<width { sums[place] += Double(values[id * width + place]) }
      }
      for place in 0..<width { sums[place] /= count }
      for id in ids {
        for place in 0..<width {
          let difference = Double(values[id * width + place]) - sums[place]
          squares[place] += difference * difference
        }
      }
    }
    return zip(sums, squares).map { ($0, ($1 / count).squareRoot()) }
  }
}

extension SeededGenerator {
  /// A draw from the standard normal distribution (Box and Muller, 1958).
  fileprivate mutating func normal() -> Double {
    // 1 - u lies in (0, 1], so its logarithm is finite.
    (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
  }
}
