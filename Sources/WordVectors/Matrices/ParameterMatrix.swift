// SPDX-License-Identifier: Apache-2.0

/// A model's matrix, as it is or quantised.
enum ParameterMatrix: Sendable {
  case dense(DenseMatrix)
  case quantized(QuantizedMatrix)

  var rows: Int {
    switch self {
    case .dense(let matrix): matrix.rows
    case .quantized(let matrix): matrix.rows
    }
  }

  var columns: Int {
    switch self {
    case .dense(let matrix): matrix.columns
    case .quantized(let matrix): matrix.columns
    }
  }

  /// The matrix with its numbers written out, where they take at most so many bytes; else as it is.
  func decoded(below limit: Int) -> ParameterMatrix {
    guard case .quantized(let matrix) = self, rows * columns * 4 <= limit else { return self }
    return .dense(matrix.decoded())
  }

  /// The sum of rows, added up in their order.
  func sum(_ rows: UnsafeBufferPointer<Int32>, into sum: UnsafeMutablePointer<Float>) {
    switch self {
    case .dense(let matrix): matrix.sum(rows, into: sum)
    case .quantized(let matrix):
      sum.update(repeating: 0, count: columns)
      for row in rows { matrix.addRow(Int(row), to: sum) }
    }
  }

  /// The mean of rows; 0 where there are none.
  func mean(_ rows: UnsafeBufferPointer<Int32>, into mean: UnsafeMutablePointer<Float>) {
    sum(rows, into: mean)
    guard !rows.isEmpty else { return }
    let scale = Float(1 / Double(rows.count))
    for index in 0..<columns { mean[index] *= scale }
  }

  func write(to sink: inout BinaryWriter) throws {
    switch self {
    case .dense(let matrix): try matrix.write(to: &sink)
    case .quantized(let matrix): try matrix.write(to: &sink)
    }
  }
}

extension DenseMatrix {
  /// The sum of rows, added up in their order, a few columns at a time: these stay in registers, and every
  /// line of the matrix is read once.
  func sum(_ rows: UnsafeBufferPointer<Int32>, into sum: UnsafeMutablePointer<Float>) {
    var column = 0
    while column + 16 <= columns {
      self.sum(SIMD16<Float>.self, rows, at: column, into: sum)
      column += 16
    }
    while column + 4 <= columns {
      self.sum(SIMD4<Float>.self, rows, at: column, into: sum)
      column += 4
    }
    while column < columns {
      var total: Float = 0
      for row in rows {
        total += self.row(Int(row)).loadUnaligned(fromByteOffset: column * 4, as: Float.self)
      }
      sum[column] = total
      column += 1
    }
  }

  @inline(__always) private func sum<Block: SIMD & BitwiseCopyable>(
    _ block: Block.Type, _ rows: UnsafeBufferPointer<Int32>, at column: Int,
    into sum: UnsafeMutablePointer<Float>
  ) where Block.Scalar == Float {
    var total = Block.zero
    for row in rows {
      total += self.row(Int(row)).loadUnaligned(fromByteOffset: column * 4, as: Block.self)
    }
    UnsafeMutableRawPointer(sum + column).storeBytes(of: total, as: Block.self)
  }
}
