// SPDX-License-Identifier: Apache-2.0

/// Vectors of one length, row after row, in memory or in a mapped file; nobody writes to them any more.
public struct VectorMatrix: Sendable {
  /// How many vectors there are.
  public let rows: Int
  /// Numbers in a vector.
  public let columns: Int
  private let storage: Storage

  /// What keeps the numbers alive.
  ///
  /// They are not written to once they are here, so any thread may read them.
  private final class Storage: @unchecked Sendable {
    let start: UnsafePointer<Float>
    private let owner: AnyObject
    /// The file that the numbers are mapped from, where they are.
    let file: MappedFile?

    init(_ start: UnsafePointer<Float>, owner: AnyObject) {
      self.start = start
      self.owner = owner
      file = owner as? MappedFile ?? (owner as? Storage)?.file
    }
  }

  init(_ start: UnsafePointer<Float>, rows: Int, columns: Int, owner: AnyObject) {
    self.rows = rows
    self.columns = columns
    storage = Storage(start, owner: owner)
  }

  /// The first rows of a buffer.
  init(_ buffer: FloatBuffer, rows: Int, columns: Int) {
    precondition(buffer.count >= rows * columns, "the buffer is too small for the matrix")
    self.init(UnsafePointer(buffer.start), rows: rows, columns: columns, owner: buffer)
  }

  /// A matrix of numbers that `fill` writes; they are 0 before.
  public init(
    rows: Int, columns: Int, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let buffer = FloatBuffer(count: rows * columns)
    try fill(buffer.elements)
    self.init(buffer, rows: rows, columns: columns)
  }

  /// A matrix of rows, all of one length.
  public init(_ vectors: [[Float]]) {
    let columns = vectors.first?.count ?? 0
    self.init(rows: vectors.count, columns: columns) { buffer in
      for (row, vector) in vectors.enumerated() {
        precondition(vector.count == columns, "vectors of one matrix have one length")
        for column in 0..<columns { buffer[row * columns + column] = vector[column] }
      }
    }
  }

  /// A row.
  @inline(__always) public subscript(row: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: storage.start + row &* columns, count: columns)
  }

  /// All numbers.
  public var elements: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: storage.start, count: rows * columns)
  }

  /// The first rows, which share their memory with these.
  public func prefix(_ count: Int) -> VectorMatrix {
    VectorMatrix(storage.start, rows: min(count, rows), columns: columns, owner: storage)
  }

  /// A range of rows, which share their memory with these.
  public func slice(_ range: Range<Int>) -> VectorMatrix {
    VectorMatrix(
      storage.start + range.lowerBound * columns, rows: range.count, columns: columns,
      owner: storage)
  }

  /// Tells the system that the rows, where they are mapped from a file and many, are not needed soon.
  ///
  /// They are read again where they are; a large file that is gone through once does not stay in memory.
  package func release() {
    guard let file = storage.file, file.bytes.count > RowStore.memoryLimit * 4 else { return }
    guard let base = file.bytes.baseAddress else { return }
    let start = UnsafeRawPointer(storage.start) - base
    file.release(start..<start + rows * columns * 4)
  }

  /// Chosen rows, copied.
  public func rows(at indices: [Int]) -> VectorMatrix {
    VectorMatrix(rows: indices.count, columns: columns) { buffer in
      for (place, index) in indices.enumerated() {
        for column in 0..<columns { buffer[place * columns + column] = self[index][column] }
      }
    }
  }
}
