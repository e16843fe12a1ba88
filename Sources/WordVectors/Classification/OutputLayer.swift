// SPDX-License-Identifier: Apache-2.0

/// The product of the output matrix and a text's vector: a number for each label, or each decision.
///
/// Sixteen rows are laid side by side, so that their products are made at once, each added up in the order
/// of its columns as fastText does. A matrix that is too large to be laid out anew is read as it stands.
struct OutputLayer: Sendable {
  /// The largest matrix that is laid out anew, in bytes: 64 MiB.
  private static let largestLayout = 64 << 20
  private typealias Panel = SIMD16<Float>

  private let matrix: ParameterMatrix
  private let rows: Int
  /// For each sixteen rows, column after column; nil where the matrix is read as it stands.
  private let panels: DenseMatrix?

  /// The layer of the first rows of a matrix.
  init(_ matrix: ParameterMatrix, rows: Int) {
    self.rows = rows
    self.matrix = matrix.decoded(below: Self.largestLayout)
    guard case .dense(let dense) = self.matrix,
      matrix.rows * matrix.columns * 4 <= Self.largestLayout
    else {
      panels = nil
      return
    }
    let width = Panel.scalarCount
    let panelCount = (rows + width - 1) / width
    let buffer = FloatBuffer(count: panelCount * width * dense.columns)
    for row in 0..<rows {
      let source = dense.row(row)
      let target = buffer.start + row / width * width * dense.columns + row % width
      for column in 0..<dense.columns {
        target[column * width] = source.loadUnaligned(fromByteOffset: column * 4, as: Float.self)
      }
    }
    panels = DenseMatrix(buffer, rows: panelCount * dense.columns, columns: width)
  }

  /// Room that the scores need: a whole number of panels.
  var capacity: Int { (rows + Panel.scalarCount - 1) / Panel.scalarCount * Panel.scalarCount }

  /// The score of each row for a vector.
  func scores(of vector: UnsafePointer<Float>, into scores: UnsafeMutablePointer<Float>) {
    guard let panels else { return rowByRow(vector, scores) }
    let columns = matrix.columns
    var source = panels.row(0)
    let target = UnsafeMutableRawPointer(scores)
    for panel in 0..<capacity / Panel.scalarCount {
      var sum = Panel.zero
      for column in 0..<columns {
        sum += source.load(as: Panel.self) * vector[column]
        source += MemoryLayout<Panel>.size
      }
      target.storeBytes(of: sum, toByteOffset: panel * MemoryLayout<Panel>.size, as: Panel.self)
    }
  }

  private func rowByRow(_ vector: UnsafePointer<Float>, _ scores: UnsafeMutablePointer<Float>) {
    let columns = matrix.columns
    withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { numbers in
      guard let start = numbers.baseAddress else { return }
      for row in 0..<rows {
        withUnsafePointer(to: Int32(row)) {
          matrix.sum(UnsafeBufferPointer(start: $0, count: 1), into: start)
        }
        var sum: Float = 0
        for column in 0..<columns { sum += start[column] * vector[column] }
        scores[row] = sum
      }
    }
  }
}
