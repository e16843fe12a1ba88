// SPDX-License-Identifier: Apache-2.0

extension Matrix {
  /// An orthonormal basis of what the columns span, in columns: as many as the rank.
  ///
  /// By Gram and Schmidt's method done twice, which is as exact as is needed (Giraud and others, 2005). A column that keeps less
  /// than 1e-10 of its length adds no direction.
  public var columnBasis: Matrix {
    let source = transposed.elements  // one column after another
    var basis: [[Double]] = []
    for column in 0..<columns {
      var vector = Array(source[column * rows..<(column + 1) * rows])
      let length = Self.length(vector)
      guard length > 0 else { continue }
      for _ in 0..<2 {
        for other in basis {
          let product = zip(other, vector).reduce(0) { $0 + $1.0 * $1.1 }
          for row in vector.indices { vector[row] -= product * other[row] }
        }
      }
      let left = Self.length(vector)
      guard left > 1e-10 * length else { continue }
      basis.append(vector.map { $0 / left })
    }
    return Matrix(rows: basis.count, columns: rows, Array(basis.joined())).transposed
  }

  private static func length(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The singular values of a matrix of any shape, falling; as many as its shorter side.
  public var singularValues: [Double] {
    let side = max(rows, columns)
    var square = Matrix(rows: side, columns: side)
    for row in 0..<rows {
      for column in 0..<columns { square[row, column] = self[row, column] }
    }
    return Array(square.squareSingularValues().s.prefix(min(rows, columns)))
  }

  /// The rows less their mean.
  public var centeringColumns: Matrix {
    var result = self
    for column in 0..<columns {
      var mean = 0.0
      for row in 0..<rows { mean += self[row, column] }
      mean /= Double(max(rows, 1))
      for row in 0..<rows { result[row, column] -= mean }
    }
    return result
  }

  /// The rows divided by their lengths; a row of zeros stays.
  public var normalizingRows: Matrix {
    var result = self
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let length = Self.length(Array(elements[range]))
      guard length > 0 else { continue }
      for index in range { result.elements[index] /= length }
    }
    return result
  }

  /// The matrix whose rows are given; all must be of one length.
  public init(rows list: [[Double]]) {
    self.init(rows: list.count, columns: list.first?.count ?? 0, Array(list.joined()))
  }
}
