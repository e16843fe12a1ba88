// SPDX-License-Identifier: Apache-2.0

import Torch
import WordVectors

/// libtorch as what multiplies and decomposes matrices for word vectors.
///
/// It is used on the compute thread only.
public struct TensorMatrixEngine: MatrixEngine {
  /// What a product is written to; kept, for fresh memory would cost as much as small products.
  private final class Scratch: @unchecked Sendable {
    private var memory = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

    func memory(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      if memory.count < count {
        memory.deallocate()
        memory = .allocate(capacity: count)
      }
      return UnsafeMutableBufferPointer(rebasing: memory[..<count])
    }

    deinit { memory.deallocate() }
  }

  private let scratch = Scratch()

  /// An engine with as many threads as the compute thread was told to use; see ``run(threads:_:)``.
  public init() {}

  /// Runs `body` on the compute thread, with an engine of so many threads.
  ///
  /// - Throws: `TorchError` where the engine is not the one that Koine was built for, and what `body` throws.
  public static func run<Result: Sendable>(
    threads: Int, _ body: @Sendable (any MatrixEngine) throws -> Result
  ) async throws -> Result {
    try Engine.verify()
    return try await Compute.run {
      try Engine.withThreads(threads) { try body(TensorMatrixEngine()) }
    }
  }

  /// Multiplies into memory of its own; `body` must not ask for another product.
  public func withProduct<Result>(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>, width: Int,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    let result = scratch.memory(left.count / width * (right.count / width))
    try MatrixProduct.multiply(left, byTransposed: right, width: width, into: result)
    return try body(result)
  }

  /// In double precision, some thousand rows at a time.
  public func crossProduct(
    _ left: UnsafeBufferPointer<Float>, leftWidth: Int, _ right: UnsafeBufferPointer<Float>,
    rightWidth: Int
  ) throws -> Matrix {
    Matrix(
      rows: leftWidth, columns: rightWidth,
      try MatrixProduct.cross(left, leftWidth: leftWidth, right, rightWidth: rightWidth))
  }

  /// By LAPACK's divide and conquer.
  public func singularValues(of matrix: Matrix) throws -> SingularValues {
    let parts = try tensor(matrix).singularValues()
    let size = [matrix.rows, matrix.columns]
    return SingularValues(
      u: Matrix(rows: size[0], columns: size[1], try parts.u.elements()),
      s: try parts.s.elements(),
      v: Matrix(rows: size[0], columns: size[1], try parts.vTransposed.elements()).transposed)
  }

  /// In double precision.
  public func product(_ left: Matrix, _ right: Matrix) throws -> Matrix {
    Matrix(
      rows: left.rows, columns: right.columns,
      try tensor(left).matmul(tensor(right)).elements())
  }

  private func tensor(_ matrix: Matrix) throws -> Tensor {
    try Tensor(matrix.elements, shape: [matrix.rows, matrix.columns])
  }
}
