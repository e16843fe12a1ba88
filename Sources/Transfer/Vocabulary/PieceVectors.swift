// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Vectors of some pieces of a vocabulary, from outside of the network.
struct PieceVectors {
  /// The pieces that have a vector, rising.
  let ids: [Int]
  /// Their vectors, of length 1.
  let vectors: VectorMatrix

  /// Vectors of pieces in the order of their ids; those of length 0 are left out.
  init(_ vectors: [(id: Int, vector: [Float])], width: Int) {
    let found = vectors.compactMap { entry -> (id: Int, vector: [Float])? in
      let length = entry.vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > 0 else { return nil }
      return (entry.id, entry.vector.map { Float(Double($0) / length) })
    }
    ids = found.map(\.id)
    self.vectors =
      found.isEmpty
      ? VectorMatrix(rows: 0, columns: width) { _ in } : VectorMatrix(found.map(\.vector))
  }

  /// Cosines that are worked out at once, at most.
  private static let block = 1 << 22

  /// Calls back with each of these vectors' cosines to all of some others: the place among ``ids``, a number for each other.
  func forEachCosines(
    to others: PieceVectors, engine: any MatrixEngine,
    _ body: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    let (width, count) = (vectors.columns, others.ids.count)
    guard count > 0 else { return }
    let height = max(1, Self.block / count)
    for start in stride(from: 0, to: ids.count, by: height) {
      let rows = start..<min(start + height, ids.count)
      let left = vectors.slice(rows)
      try engine.withProduct(left.elements, others.vectors.elements, width: width) { product in
        for row in rows {
          let first = (row - start) * count
          try body(row, UnsafeMutableBufferPointer(rebasing: product[first..<first + count]))
        }
      }
    }
  }
}
