// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Pairs of words without a dictionary: words of two languages are alike where their similarities to the words of their own
/// language, in falling order, are alike (Artetxe, Labaka and Agirre 2018, section 3.2).
struct UnsupervisedStart {
  let vocabulary: Int
  let neighbors: Int
  let normalization: VectorNormalization
  let engine: any MatrixEngine
  let threads: Int

  func pairs(_ x: VectorMatrix, _ z: VectorMatrix) throws -> [(source: Int, target: Int)] {
    let count = min(x.rows, z.rows, vocabulary)
    let left = try profiles(x.prefix(count))
    let right = try profiles(z.prefix(count))
    var induction = DictionaryInduction()
    induction.neighbors = neighbors
    induction.direction = .union
    return try induction.induce(left, right, engine: engine, threads: threads).pairs
  }

  /// For each word the square root of the similarities' matrix, its row sorted, and treated as vectors are.
  private func profiles(_ x: VectorMatrix) throws -> VectorMatrix {
    let width = x.columns
    let gram = try engine.singularValues(
      of: engine.crossProduct(
        x.elements, leftWidth: width, x.elements, rightWidth: width))
    // (X Xᵀ)^½ = X V S⁻¹ Vᵀ Xᵀ for X = U S Vᵀ.
    let floor = (gram.s.first ?? 0) * 1e-12
    let roots = gram.s.map { $0 > floor ? 1 / $0.squareRoot() : 0 }
    let middle = try engine.product(gram.v.scalingColumns(roots), gram.v.transposed)
    let scaled = try VectorProjection(FittedNormalization(parts: []), middle).apply(
      to: x, engine: engine, threads: threads)
    let profiles = try VectorMatrix(rows: x.rows, columns: x.rows) { buffer in
      try SimilarityBlocks(engine: engine, threads: threads).forEach(
        ComparedRows(plain: scaled), ComparedRows(plain: x)
      ) { block in
        for row in 0..<block.rows.count {
          for column in 0..<block.columns.count {
            buffer[(block.rows.lowerBound + row) * x.rows + block.columns.lowerBound + column] =
              block.values[row * block.columns.count + column]
          }
        }
      }
      nonisolated(unsafe) let buffer = buffer
      parallelRanges(x.rows, threads: threads) { range in
        for row in range {
          var part = UnsafeMutableBufferPointer(
            rebasing: buffer[row * x.rows..<(row + 1) * x.rows])
          part.sort()
        }
      }
    }
    return normalization.fitted(to: profiles, threads: threads).apply(
      to: profiles, threads: threads)
  }
}
