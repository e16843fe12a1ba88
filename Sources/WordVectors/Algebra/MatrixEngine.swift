// SPDX-License-Identifier: Apache-2.0

/// What multiplies and decomposes matrices for maps and retrieval.
///
/// ``PlainMatrixEngine`` needs nothing but Swift; one on top of a linear algebra library is several times as fast.
public protocol MatrixEngine: Sendable {
  /// Hands `left × rightᵀ` to `body`, which may overwrite it: for rows of `width` numbers on both sides, a row for each on the
  /// left with a number for each on the right.
  func withProduct<Result>(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>, width: Int,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result

  /// `leftᵀ × right`, in double precision: for rows in equal number on both sides, `leftWidth` and `rightWidth` numbers long.
  func crossProduct(
    _ left: UnsafeBufferPointer<Float>, leftWidth: Int, _ right: UnsafeBufferPointer<Float>,
    rightWidth: Int
  ) throws -> Matrix

  /// The singular value decomposition of a square matrix.
  func singularValues(of matrix: Matrix) throws -> SingularValues

  /// The product of two small matrices.
  func product(_ left: Matrix, _ right: Matrix) throws -> Matrix
}

extension MatrixEngine {
  /// By Jacobi rotations.
  public func singularValues(of matrix: Matrix) throws -> SingularValues {
    matrix.squareSingularValues()
  }

  /// Row by row.
  public func product(_ left: Matrix, _ right: Matrix) throws -> Matrix { left.times(right) }

  /// Row by row, in double precision.
  public func crossProduct(
    _ left: UnsafeBufferPointer<Float>, leftWidth: Int, _ right: UnsafeBufferPointer<Float>,
    rightWidth: Int
  ) throws -> Matrix {
    var result = Matrix(rows: leftWidth, columns: rightWidth)
    let rows = leftWidth == 0 ? 0 : left.count / leftWidth
    let wide = [Double](unsafeUninitializedCapacity: rightWidth) { buffer, count in
      buffer.initialize(repeating: 0)
      count = rightWidth
    }
    var other = wide
    result.elements.withUnsafeMutableBufferPointer { sum in
      other.withUnsafeMutableBufferPointer { other in
        for row in 0..<rows {
          for column in 0..<rightWidth { other[column] = Double(right[row * rightWidth + column]) }
          for first in 0..<leftWidth {
            let factor = Double(left[row * leftWidth + first])
            let start = first * rightWidth
            for column in 0..<rightWidth { sum[start + column] += factor * other[column] }
          }
        }
      }
    }
    return result
  }
}

/// Matrix products in Swift alone, four rows by four, by several threads; the same numbers whatever their number.
public struct PlainMatrixEngine: MatrixEngine {
  /// Threads that multiply.
  public let threads: Int

  /// An engine of so many threads; one by default.
  public init(threads: Int = 1) { self.threads = max(1, threads) }

  /// Four rows by two at a time, shared out among the threads.
  public func withProduct<Result>(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>, width: Int,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    let (rows, columns) = width == 0 ? (0, 0) : (left.count / width, right.count / width)
    return try withUnsafeTemporaryAllocation(of: Float.self, capacity: max(rows * columns, 1)) {
      product in
      product.initialize(repeating: 0)
      if let x = left.baseAddress, let y = right.baseAddress, let z = product.baseAddress {
        nonisolated(unsafe) let (x, y, z) = (x, y, z)
        parallelRanges((rows + 3) / 4, threads: threads) { range in
          Self.multiply(
            x, range.lowerBound * 4..<min(rows, range.upperBound * 4), y, columns, width, into: z)
        }
      }
      return try body(UnsafeMutableBufferPointer(rebasing: product[..<(rows * columns)]))
    }
  }

  /// The products of some rows on the left with all on the right, 256 of these at a time.
  private static func multiply(
    _ left: UnsafePointer<Float>, _ rows: Range<Int>, _ right: UnsafePointer<Float>,
    _ columns: Int, _ width: Int, into product: UnsafeMutablePointer<Float>
  ) {
    for block in stride(from: 0, to: columns, by: 256) {
      let end = min(columns, block + 256)
      var row = rows.lowerBound
      while row < rows.upperBound {
        let height = min(4, rows.upperBound - row)
        var column = block
        while column < end {
          let breadth = min(2, end - column)
          // A tile beyond the edge repeats the last row or column; what is double is written twice, the same.
          let a = (0..<4).asTile { left + (row + min($0, height - 1)) * width }
          let b0 = right + column * width
          let b1 = right + (column + breadth - 1) * width
          var sums = Sums()
          var index = 0
          while index + 4 <= width {
            let (y0, y1) = (lanes(b0 + index), lanes(b1 + index))
            let (x0, x1, x2, x3) = (
              lanes(a.0 + index), lanes(a.1 + index), lanes(a.2 + index), lanes(a.3 + index)
            )
            sums.s00 += x0 * y0
            sums.s01 += x0 * y1
            sums.s10 += x1 * y0
            sums.s11 += x1 * y1
            sums.s20 += x2 * y0
            sums.s21 += x2 * y1
            sums.s30 += x3 * y0
            sums.s31 += x3 * y1
            index += 4
          }
          while index < width {
            sums.s00[0] += a.0[index] * b0[index]
            sums.s01[0] += a.0[index] * b1[index]
            sums.s10[0] += a.1[index] * b0[index]
            sums.s11[0] += a.1[index] * b1[index]
            sums.s20[0] += a.2[index] * b0[index]
            sums.s21[0] += a.2[index] * b1[index]
            sums.s30[0] += a.3[index] * b0[index]
            sums.s31[0] += a.3[index] * b1[index]
            index += 1
          }
          let last = column + breadth - 1
          let out = (0..<4).asTile { product + (row + min($0, height - 1)) * columns }
          out.3[column] = sums.s30.sum()
          out.3[last] = breadth == 2 ? sums.s31.sum() : sums.s30.sum()
          out.2[column] = sums.s20.sum()
          out.2[last] = breadth == 2 ? sums.s21.sum() : sums.s20.sum()
          out.1[column] = sums.s10.sum()
          out.1[last] = breadth == 2 ? sums.s11.sum() : sums.s10.sum()
          out.0[column] = sums.s00.sum()
          out.0[last] = breadth == 2 ? sums.s01.sum() : sums.s00.sum()
          column += 2
        }
        row += 4
      }
    }
  }

  private struct Sums {
    var (s00, s01, s10, s11) = (
      SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero
    )
    var (s20, s21, s30, s31) = (
      SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero
    )
  }

  @inline(__always) private static func lanes(_ start: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(start).loadUnaligned(as: SIMD4<Float>.self)
  }
}

extension Range<Int> {
  /// What `body` makes of 0 to 3.
  @inline(__always) fileprivate func asTile<Value>(_ body: (Int) -> Value) -> (
    Value, Value, Value, Value
  ) {
    (body(0), body(1), body(2), body(3))
  }
}
