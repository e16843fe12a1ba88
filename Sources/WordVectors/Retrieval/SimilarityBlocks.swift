// SPDX-License-Identifier: Apache-2.0

/// Rows of a matrix as they enter a comparison: all or chosen ones, each times a number.
package struct ComparedRows: Sendable {
  package let matrix: VectorMatrix
  /// The rows that are compared; nil for the first ``count``.
  let indices: [Int]?
  package let count: Int
  /// One over each row's length, 0 where that is 0; nil where rows are taken as they are.
  let scales: [Float]?
  /// What is subtracted from each row before all else.
  let center: [Float]?

  /// Rows to be compared by their cosine.
  ///
  /// - Parameters:
  ///   - center: What is subtracted from each row first, as the mean of all of a language.
  ///   - releasesRows: Whether rows that are mapped from a large file leave memory again when their lengths are known.
  package init(
    unit matrix: VectorMatrix, indices: [Int]? = nil, limit: Int? = nil, center: [Float]? = nil,
    releasesRows: Bool = false, threads: Int
  ) {
    self.matrix = matrix
    self.indices = indices
    self.center = center
    count = min(indices?.count ?? matrix.rows, limit ?? .max)
    let count = count
    let step = releasesRows ? 1 << 16 : max(count, 1)
    scales = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let buffer = buffer
      for start in stride(from: 0, to: count, by: step) {
        let part = start..<min(count, start + step)
        parallelRanges(part.count, threads: threads) { range in
          for place in range {
            let place = part.lowerBound + place
            buffer[place] = matrix.scale(toUnit: indices?[place] ?? place, less: center)
          }
        }
        if releasesRows { Self.release(part, of: matrix, indices) }
      }
      initialized = count
    }
  }

  /// Rows to be compared by their product as they are.
  package init(plain matrix: VectorMatrix, indices: [Int]? = nil, limit: Int? = nil) {
    self.matrix = matrix
    self.indices = indices
    count = min(indices?.count ?? matrix.rows, limit ?? .max)
    scales = nil
    center = nil
  }

  /// Whether a row has no direction, so that its cosines say nothing.
  package func isZero(_ place: Int) -> Bool { scales?[place] == 0 }

  /// Lets go of the memory of rows that are mapped from a large file; they must stand in rising order.
  package func release(_ range: Range<Int>) { Self.release(range, of: matrix, indices) }

  private static func release(_ range: Range<Int>, of matrix: VectorMatrix, _ indices: [Int]?) {
    guard let indices, let first = range.first, let last = range.last else {
      return matrix.slice(range).release()
    }
    matrix.slice(indices[first]..<indices[last] + 1).release()
  }

  /// Copies a range of the rows.
  package func copy(
    _ range: Range<Int>, into target: UnsafeMutablePointer<Float>, threads: Int
  ) {
    let width = matrix.columns
    nonisolated(unsafe) let target = target
    parallelRanges(range.count, threads: threads) { part in
      for place in part {
        let index = range.lowerBound + place
        let source = matrix[indices?[index] ?? index]
        let row = target + place * width
        let scale = scales?[index] ?? 1
        if let center {
          for column in 0..<width { row[column] = (source[column] - center[column]) * scale }
        } else {
          for column in 0..<width { row[column] = source[column] * scale }
        }
      }
    }
  }
}

extension VectorMatrix {
  /// One over the length of a row; 0 where all its numbers are 0.
  func scale(toUnit row: Int, less center: [Float]? = nil) -> Float {
    var square = 0.0
    if let center {
      for (number, mean) in zip(self[row], center) {
        square += Double(number - mean) * Double(number - mean)
      }
    } else {
      for number in self[row] { square += Double(number) * Double(number) }
    }
    return square > 0 ? Float(1 / square.squareRoot()) : 0
  }
}

/// Goes over the similarities of all pairs of two sets of rows, a block at a time: memory stays the same whatever their number.
package struct SimilarityBlocks {
  let engine: any MatrixEngine
  let threads: Int
  /// Rows of a block on either side.
  package var blockSize = 2048
  /// Rows of a block on the left, where they shall be others; all of the right is read once for each.
  package var leftBlockSize: Int?
  /// Whether rows that are mapped from a large file leave memory again when a block has them: needs less memory, and time where
  /// several passes are made.
  package var releasesRows = false

  package init(engine: any MatrixEngine, threads: Int) {
    self.engine = engine
    self.threads = threads
  }

  /// A block of similarities.
  package struct Block {
    package let rows: Range<Int>
    package let columns: Range<Int>
    package let values: UnsafeMutablePointer<Float>

    package init(rows: Range<Int>, columns: Range<Int>, values: UnsafeMutablePointer<Float>) {
      self.rows = rows
      self.columns = columns
      self.values = values
    }
  }

  /// - Parameter isWanted: Whether a block of rows and columns is to be multiplied and handed on.
  package func forEach(
    _ left: ComparedRows, _ right: ComparedRows,
    where isWanted: (Range<Int>, Range<Int>) -> Bool = { _, _ in true },
    _ body: (Block) throws -> Void
  ) throws {
    let width = left.matrix.columns
    let leftSize = leftBlockSize ?? blockSize
    let first = FloatBuffer(count: min(leftSize, left.count) * width)
    let second = FloatBuffer(count: min(blockSize, right.count) * width)
    for start in stride(from: 0, to: left.count, by: leftSize) {
      let rows = start..<min(left.count, start + leftSize)
      left.copy(rows, into: first.start, threads: threads)
      if releasesRows { left.release(rows) }
      for start in stride(from: 0, to: right.count, by: blockSize) {
        let columns = start..<min(right.count, start + blockSize)
        guard isWanted(rows, columns) else { continue }
        right.copy(columns, into: second.start, threads: threads)
        if releasesRows { right.release(columns) }
        try engine.withProduct(
          UnsafeBufferPointer(start: first.start, count: rows.count * width),
          UnsafeBufferPointer(start: second.start, count: columns.count * width), width: width
        ) { product in
          guard let values = product.baseAddress else { return }
          try body(Block(rows: rows, columns: columns, values: values))
        }
      }
    }
  }
}
