// SPDX-License-Identifier: Apache-2.0

/// A small dense matrix of double-precision numbers, row after row: what maps are made of.
public struct Matrix: Sendable, Hashable {
  /// Rows.
  public let rows: Int
  /// Columns.
  public let columns: Int
  /// The numbers, row after row.
  public var elements: [Double]

  /// A matrix of numbers, row after row.
  public init(rows: Int, columns: Int, _ elements: [Double]) {
    precondition(elements.count == rows * columns, "the numbers do not fill the matrix")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, [Double](repeating: 0, count: rows * columns))
  }

  /// Numbers on the diagonal.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for (index, value) in diagonal.enumerated() { self[index, index] = value }
  }

  /// One on the diagonal.
  public static func identity(_ size: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: size))
  }

  /// An element.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// Rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result.elements[column * rows + row] = self[row, column] }
    }
    return result
  }

  /// The matrix product.
  public func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "the matrices do not fit each other")
    var result = Matrix(rows: rows, columns: other.columns)
    let width = other.columns
    result.elements.withUnsafeMutableBufferPointer { result in
      other.elements.withUnsafeBufferPointer { other in
        for row in 0..<rows {
          for inner in 0..<columns {
            let factor = elements[row * columns + inner]
            guard factor != 0 else { continue }
            for column in 0..<width {
              result[row * width + column] += factor * other[inner * width + column]
            }
          }
        }
      }
    }
    return result
  }

  /// Each column times its number.
  public func scalingColumns(_ factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result.elements[row * columns + column] *= factors[column] }
    }
    return result
  }

  /// The first columns.
  public func firstColumns(_ count: Int) -> Matrix {
    var result = Matrix(rows: rows, columns: count)
    for row in 0..<rows {
      for column in 0..<count { result[row, column] = self[row, column] }
    }
    return result
  }

  /// The sum of this and another times a number.
  public func adding(_ other: Matrix, times factor: Double = 1) -> Matrix {
    var result = self
    for index in elements.indices { result.elements[index] += factor * other.elements[index] }
    return result
  }

  /// The square root of the sum of squares.
  public var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

/// `A = U diag(s) Vᵀ`, the largest first; U and V are square and orthogonal.
public struct SingularValues: Sendable {
  /// Left singular vectors, in columns.
  public let u: Matrix
  /// Singular values, falling.
  public let s: [Double]
  /// Right singular vectors, in columns.
  public let v: Matrix

  /// The parts as they are.
  public init(u: Matrix, s: [Double], v: Matrix) {
    self.u = u
    self.s = s
    self.v = v
  }
}
