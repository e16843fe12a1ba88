// SPDX-License-Identifier: Apache-2.0

/// What brings the vectors of a language into the shared space: steps of normalisation, then a matrix.
public struct VectorProjection: Sendable, Hashable {
  /// The steps before the matrix.
  public var normalization: FittedNormalization
  /// A treated row `x` becomes `x × matrix`.
  public var matrix: Matrix

  /// Steps and a matrix.
  public init(_ normalization: FittedNormalization, _ matrix: Matrix) {
    self.normalization = normalization
    self.matrix = matrix
  }

  /// Numbers in a projected vector.
  public var dimension: Int { matrix.columns }

  /// All vectors, projected.
  public func apply(
    to vectors: VectorMatrix, engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws -> VectorMatrix {
    try VectorMatrix(rows: vectors.rows, columns: dimension) { buffer in
      var start = 0
      try forEachBlock(of: vectors, engine: engine, threads: threads) { block in
        for index in block.indices { buffer[start + index] = block[index] }
        start += block.count
      }
    }
  }

  /// Hands the projected vectors on, some thousand at a time, for files that are larger than memory.
  public func forEachBlock(
    of vectors: VectorMatrix, size: Int = 1 << 13, engine: any MatrixEngine = PlainMatrixEngine(),
    threads: Int = 1, _ body: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    precondition(vectors.columns == matrix.rows, "the vectors do not fit the matrix")
    let transposed = matrix.transposed.elements.map { Float($0) }
    try transposed.withUnsafeBufferPointer { transposed in
      for start in stride(from: 0, to: vectors.rows, by: size) {
        let block = vectors.slice(start..<min(vectors.rows, start + size))
        let treated = normalization.apply(to: block, threads: threads)
        try engine.withProduct(treated.elements, transposed, width: vectors.columns) {
          try body(UnsafeBufferPointer($0))
        }
        block.release()
      }
    }
  }
}
