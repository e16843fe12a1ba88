// SPDX-License-Identifier: Apache-2.0

/// A matrix that is being trained.
struct ParameterStore {
  let rows: Int
  let columns: Int
  private let buffer: FloatBuffer

  /// A matrix of zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    buffer = FloatBuffer(count: rows * columns)
  }

  /// A matrix of the numbers of another.
  init(copy matrix: DenseMatrix) {
    self.init(rows: matrix.rows, columns: matrix.columns)
    UnsafeMutableRawBufferPointer(buffer.elements).copyMemory(from: matrix.bytes)
  }

  /// Fills the matrix with numbers between `-limit` and `limit`.
  func fill(within limit: Float, seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let step = limit / Float(1 << 31)
    for index in stride(from: 0, to: rows * columns, by: 2) {
      // A number of 64 bits is good for two of 32.
      let bits = generator.next()
      buffer.start[index] = Float(Int32(truncatingIfNeeded: bits)) * step
      if index + 1 < rows * columns {
        buffer.start[index + 1] = Float(Int32(truncatingIfNeeded: bits >> 32)) * step
      }
    }
  }

  @inline(__always) func row(_ index: Int) -> UnsafeMutablePointer<Float> {
    buffer.start + index * columns
  }

  /// The matrix as it is now; nothing may be written to it any more.
  var finished: DenseMatrix { DenseMatrix(buffer, rows: rows, columns: columns) }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers from a seed on every machine.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// A number below another, evenly (Lemire 2019, without its last correction).
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
