// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A matrix of single-precision numbers, row after row: in a mapped file, or in memory of its own.
struct DenseMatrix: Sendable {
  let rows: Int
  let columns: Int
  private let storage: Storage

  /// What keeps the numbers alive.
  ///
  /// They are not written to once they are here, so any thread may read them.
  private final class Storage: @unchecked Sendable {
    let start: UnsafeRawPointer
    private let owner: AnyObject

    init(_ start: UnsafeRawPointer, owner: AnyObject) {
      self.start = start
      self.owner = owner
    }
  }

  /// Reads the matrix of a model file; its numbers stay there until they are used.
  init(_ reader: inout BinaryReader, _ what: String) throws(WordVectorError) {
    let (rows, columns) = try reader.shape(what)
    let place = try reader.take(rows, of: columns * 4, what)
    guard let start = reader.file.bytes.baseAddress else {
      throw reader.malformed(what, expected: "numbers", found: "none")
    }
    self.rows = rows
    self.columns = columns
    storage = Storage(start + place, owner: reader.file)
  }

  /// The matrix that a buffer holds, which nobody writes to any more.
  init(_ buffer: FloatBuffer, rows: Int, columns: Int) {
    precondition(buffer.count >= rows * columns, "the buffer is too small for the matrix")
    self.rows = rows
    self.columns = columns
    storage = Storage(buffer.start, owner: buffer)
  }

  /// Where a row begins; in a file it is not aligned.
  @inline(__always) func row(_ index: Int) -> UnsafeRawPointer {
    storage.start + index * columns &* 4
  }

  /// A matrix of some of the rows.
  func copy(ofRows rows: [Int]) -> DenseMatrix {
    let buffer = FloatBuffer(count: rows.count * columns)
    for (place, row) in rows.enumerated() {
      UnsafeMutableRawPointer(buffer.start + place * columns)
        .copyMemory(from: self.row(row), byteCount: columns * 4)
    }
    return DenseMatrix(buffer, rows: rows.count, columns: columns)
  }

  /// All the bytes.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: storage.start, count: rows * columns * 4)
  }

  /// Writes the matrix as fastText does.
  func write(to sink: inout BinaryWriter) throws {
    try sink.append(Int64(rows))
    try sink.append(Int64(columns))
    let bytes = bytes
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      try sink.append(contentsOf: bytes[start..<min(start + 1 << 20, bytes.count)])
    }
  }
}

/// Numbers in memory, from 0 at first, that begin at a cache line; freed with the object.
package final class FloatBuffer {
  private static let pageSize = 1 << 21

  package let start: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    // Rows are read all over a large matrix; in pages of 4 kB nearly each would cost a look into the page table.
    let page = Int(bitPattern: bytes) & ~(Self.pageSize - 1) + Self.pageSize
    let end = Int(bitPattern: bytes) + count * 4
    if end - page >= 16 * Self.pageSize {
      madvise(UnsafeMutableRawPointer(bitPattern: page), end - page, MADV_HUGEPAGE)
    }
    start = bytes.bindMemory(to: Float.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: count)
  }

  deinit { start.deallocate() }

  var elements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }
}

extension BinaryReader {
  /// The rows and columns of a matrix.
  mutating func shape(_ what: String) throws(WordVectorError) -> (rows: Int, columns: Int) {
    let rows = Int(try next(Int64.self))
    let columns = Int(try next(Int64.self))
    guard (0...Int(Int32.max)).contains(rows), (1...1 << 16).contains(columns) else {
      throw malformed(
        "the shape of \(what)", expected: "numbers of rows and columns",
        found: "\(rows) and \(columns)")
    }
    return (rows, columns)
  }
}
