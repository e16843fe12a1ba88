// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Vectors one after another while a file is read: in memory, or where they are many in a file that has no name.
///
/// The system can then take the memory back while they are not needed.
package struct RowStore {
  /// Numbers that are kept in memory: 512 MB.
  package static let memoryLimit = 1 << 27

  private let dimension: Int
  private let limit: Int
  private var buffer: FloatBuffer
  /// Numbers in the buffer.
  private var count = 0
  private var spill: UnnamedFile?
  private(set) var rows = 0

  /// - Parameters:
  ///   - expected: The header's word for it; the buffer grows with what comes.
  ///   - memoryLimit: Numbers beyond which rows go to a file.
  package init(dimension: Int, expecting expected: Int, memoryLimit: Int = RowStore.memoryLimit) {
    self.dimension = dimension
    limit = max(memoryLimit, dimension)
    buffer = FloatBuffer(
      count: max(1, min(max(1, expected), max(1, (1 << 22) / dimension))) * dimension)
  }

  package mutating func append(_ vector: UnsafePointer<Float>) throws(WordVectorError) {
    if count + dimension > buffer.count { try makeRoom() }
    (buffer.start + count).update(from: vector, count: dimension)
    count += dimension
    rows += 1
  }

  private mutating func makeRoom() throws(WordVectorError) {
    guard spill != nil || buffer.count * 2 > limit else {
      let larger = FloatBuffer(count: buffer.count * 2)
      larger.start.update(from: buffer.start, count: count)
      buffer = larger
      return
    }
    let file: UnnamedFile
    if let spill { file = spill } else { file = try UnnamedFile() }
    spill = file
    try file.append(UnsafeRawBufferPointer(start: buffer.start, count: count * 4))
    count = 0
  }

  /// The rows; none can be added any more.
  package mutating func finished() throws(WordVectorError) -> VectorMatrix {
    guard let spill else { return VectorMatrix(buffer, rows: rows, columns: dimension) }
    try spill.append(UnsafeRawBufferPointer(start: buffer.start, count: count * 4))
    let file = try spill.mapped()
    buffer = FloatBuffer(count: 1)
    return VectorMatrix(
      file.bytes.bindMemory(to: Float.self).baseAddress ?? UnsafePointer(buffer.start), rows: rows,
      columns: dimension, owner: file)
  }
}
