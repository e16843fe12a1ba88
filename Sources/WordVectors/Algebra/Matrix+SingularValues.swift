// SPDX-License-Identifier: Apache-2.0

extension Matrix {
  /// The singular value decomposition of a square matrix, by one-sided Jacobi rotations.
  ///
  /// Exact to a few units in the last place whatever the condition; about ten passes of `2 n³` steps each. Where the rank is
  /// not full, the left vectors are completed to a basis. Source: Demmel and Veselić, "Jacobi's method is more accurate than
  /// QR", 1992.
  public func squareSingularValues() -> SingularValues {
    precondition(rows == columns, "only square matrices are decomposed")
    let size = rows
    // Columns of the matrix and of V stand in rows here, so that a rotation runs along memory.
    var work = transposed.elements
    var right = Matrix.identity(size).elements
    work.withUnsafeMutableBufferPointer { work in
      right.withUnsafeMutableBufferPointer { right in
        for _ in 0..<60 where Self.sweep(work, right, size) == 0 { break }
      }
    }
    var lengths = (0..<size).map { row in
      work[row * size..<(row + 1) * size].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let order = (0..<size).sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    let tolerance = (lengths.max() ?? 0) * Double(size) * 0x1p-52
    var (u, v) = (Matrix(rows: size, columns: size), Matrix(rows: size, columns: size))
    for (place, index) in order.enumerated() {
      for row in 0..<size { v[row, place] = right[index * size + row] }
      guard lengths[index] > tolerance else {
        Self.complete(&u, column: place)
        continue
      }
      for row in 0..<size { u[row, place] = work[index * size + row] / lengths[index] }
    }
    lengths = order.map { lengths[$0] }
    return SingularValues(u: u, s: lengths, v: v)
  }

  /// Makes each pair of columns orthogonal once; how many were not.
  private static func sweep(
    _ work: UnsafeMutableBufferPointer<Double>, _ right: UnsafeMutableBufferPointer<Double>,
    _ size: Int
  ) -> Int {
    guard let work = work.baseAddress, let right = right.baseAddress else { return 0 }
    var rotations = 0
    for first in 0..<max(size - 1, 0) {
      for second in first + 1..<size {
        let (p, q) = (work + first * size, work + second * size)
        var (pp, qq, pq) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
        var index = 0
        while index + 4 <= size {
          let (x, y) = (load(p + index), load(q + index))
          pp += x * x
          qq += y * y
          pq += x * y
          index += 4
        }
        var (a, b, c) = (pp.sum(), qq.sum(), pq.sum())
        while index < size {
          a += p[index] * p[index]
          b += q[index] * q[index]
          c += p[index] * q[index]
          index += 1
        }
        guard abs(c) > 1e-15 * (a * b).squareRoot(), c != 0 else { continue }
        rotations += 1
        let zeta = (b - a) / (2 * c)
        let tangent =
          (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        rotate(p, q, size, cosine, cosine * tangent)
        rotate(right + first * size, right + second * size, size, cosine, cosine * tangent)
      }
    }
    return rotations
  }

  @inline(__always) private static func load(_ start: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(start).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always) private static func rotate(
    _ p: UnsafeMutablePointer<Double>, _ q: UnsafeMutablePointer<Double>, _ size: Int,
    _ cosine: Double, _ sine: Double
  ) {
    var index = 0
    while index + 4 <= size {
      let (x, y) = (load(p + index), load(q + index))
      UnsafeMutableRawPointer(p + index).storeBytes(
        of: cosine * x - sine * y, as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(q + index).storeBytes(
        of: sine * x + cosine * y, as: SIMD4<Double>.self)
      index += 4
    }
    while index < size {
      let (x, y) = (p[index], q[index])
      p[index] = cosine * x - sine * y
      q[index] = sine * x + cosine * y
      index += 1
    }
  }

  /// Fills a column with a direction that no column before it has a part in.
  private static func complete(_ matrix: inout Matrix, column: Int) {
    let size = matrix.rows
    for axis in 0..<size {
      var vector = [Double](repeating: 0, count: size)
      vector[axis] = 1
      // Twice is enough (Giraud and others, 2005).
      for _ in 0..<2 {
        for other in 0..<column {
          var product = 0.0
          for row in 0..<size { product += matrix[row, other] * vector[row] }
          for row in 0..<size { vector[row] -= product * matrix[row, other] }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0.5 / Double(size).squareRoot() else { continue }
      for row in 0..<size { matrix[row, column] = vector[row] / length }
      return
    }
  }
}
