// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// The vectors of a document's sentences, and of each run of up to a few neighbouring ones taken as one text.
///
/// Vectors have length 1, or 0 where there is no text.
public struct OverlapVectors: Sendable {
  /// How many sentences there are.
  public let count: Int
  /// The most sentences of a run.
  public let overlap: Int
  /// Numbers in a vector.
  public let width: Int
  /// Runs of one sentence, then those of two, and so on; a run stands where its last sentence does, and there are zeros where it
  /// would begin before the document.
  private let vectors: VectorMatrix

  /// Vectors of runs.
  ///
  /// - Parameters:
  ///   - count: How many sentences there are.
  ///   - overlap: The most sentences of a run.
  ///   - width: Numbers in a vector.
  ///   - vector: The vector of the run of so many sentences that ends with a sentence, from 0; it is brought to length 1 here.
  public init(
    count: Int, overlap: Int, width: Int,
    vector: (_ size: Int, _ last: Int) -> UnsafeBufferPointer<Float>
  ) {
    self.count = count
    self.overlap = overlap
    self.width = width
    vectors = VectorMatrix(rows: count * overlap, columns: width) { buffer in
      for size in 1...max(overlap, 1) where size <= overlap {
        for last in 0..<count where last + 1 >= size {
          let source = vector(size, last)
          Self.normalize(
            source,
            into: UnsafeMutableBufferPointer(
              rebasing: buffer[
                ((size - 1) * count + last) * width..<((size - 1) * count + last + 1) * width]))
        }
      }
    }
  }

  private init(count: Int, overlap: Int, _ vectors: VectorMatrix) {
    self.count = count
    self.overlap = overlap
    width = vectors.columns
    self.vectors = vectors
  }

  /// The vector of the run of so many sentences that ends with a sentence, from 0.
  @inline(__always) func run(_ size: Int, endingAt last: Int) -> UnsafeBufferPointer<Float> {
    vectors[(size - 1) * count + last]
  }

  /// Half as many sentences: each the sum of two neighbours, less the mean of all such.
  ///
  /// Without the mean all sentences of a document would be alike when a few have been added up.
  func halved() -> OverlapVectors {
    let half = count / 2
    let width = width
    var mean = [Double](repeating: 0, count: width)
    for index in 0..<half * 2 {
      let row = run(1, endingAt: index)
      for column in 0..<width { mean[column] += Double(row[column]) }
    }
    for column in 0..<width { mean[column] /= Double(max(half, 1)) }
    let halves = VectorMatrix(rows: half, columns: width) { buffer in
      var sum = [Float](repeating: 0, count: width)
      for index in 0..<half {
        let (first, second) = (run(1, endingAt: 2 * index), run(1, endingAt: 2 * index + 1))
        for column in 0..<width {
          sum[column] = first[column] + second[column] - Float(mean[column])
        }
        sum.withUnsafeBufferPointer {
          Self.normalize(
            $0,
            into: UnsafeMutableBufferPointer(
              rebasing: buffer[index * width..<(index + 1) * width]))
        }
      }
    }
    return OverlapVectors(count: half, overlap: 1, halves)
  }

  private static func normalize(
    _ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    var square = 0.0
    for number in source { square += Double(number) * Double(number) }
    let scale = square > 0 ? Float(1 / square.squareRoot()) : 0
    for column in target.indices { target[column] = source[column] * scale }
  }

  /// The inner product of two vectors.
  @inline(__always) static func product(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>
  ) -> Double {
    guard let x = left.baseAddress, let y = right.baseAddress else { return 0 }
    var lanes = SIMD8<Float>.zero
    var index = 0
    while index + 8 <= left.count {
      lanes +=
        UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<Float>.self)
        * UnsafeRawPointer(y + index).loadUnaligned(as: SIMD8<Float>.self)
      index += 8
    }
    var sum = lanes.sum()
    while index < left.count {
      sum += x[index] * y[index]
      index += 1
    }
    return Double(sum)
  }
}
