// SPDX-License-Identifier: Apache-2.0

import Torch
import WordVectors

/// libtorch as what multiplies and decomposes matrices for word vectors.
///
/// It is used on the compute thread only.
struct VectorEngine: MatrixEngine {
  /// Runs `body` on the compute thread, with an engine of so many threads.
  static func run<Result: Sendable>(
    threads: Int, _ body: @Sendable (any MatrixEngine) throws -> Result
  ) async throws -> Result {
    try Engine.verify()
    return try await Compute.run {
      try Engine.setThreadCount(threads)
      return try body(VectorEngine())
    }
  }

  func withProduct<Result>(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>, width: Int,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    let x = try Tensor(Array(left), shape: [left.count / width, width])
    let z = try Tensor(Array(right), shape: [right.count / width, width])
    var product: [Float] = try x.matmul(z.transposed()).elements()
    return try product.withUnsafeMutableBufferPointer { try body($0) }
  }

  func crossProduct(
    _ left: UnsafeBufferPointer<Float>, leftWidth: Int, _ right: UnsafeBufferPointer<Float>,
    rightWidth: Int
  ) throws -> Matrix {
    let x = try Tensor(Array(left), shape: [left.count / leftWidth, leftWidth])
      .converted(to: .float64)
    let z = try Tensor(Array(right), shape: [right.count / rightWidth, rightWidth])
      .converted(to: .float64)
    return Matrix(
      rows: leftWidth, columns: rightWidth, try x.transposed().matmul(z).elements())
  }

  func singularValues(of matrix: Matrix) throws -> SingularValues {
    let parts = try tensor(matrix).singularValues()
    let size = [matrix.rows, matrix.columns]
    return SingularValues(
      u: Matrix(rows: size[0], columns: size[1], try parts.u.elements()),
      s: try parts.s.elements(),
      v: Matrix(rows: size[0], columns: size[1], try parts.vTransposed.elements()).transposed)
  }

  func product(_ left: Matrix, _ right: Matrix) throws -> Matrix {
    Matrix(
      rows: left.rows, columns: right.columns,
      try tensor(left).matmul(tensor(right)).elements())
  }

  private func tensor(_ matrix: Matrix) throws -> Tensor {
    try Tensor(matrix.elements, shape: [matrix.rows, matrix.columns])
  }
}
