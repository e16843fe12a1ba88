// SPDX-License-Identifier: Apache-2.0

/// Numbers that are written once, one after another, and read again and again, kept in a file that has no name.
///
/// Any number of threads may read at once, when nobody writes.
final class NumberFile: @unchecked Sendable {
  private static let bufferSize = 1 << 16

  private let file: UnnamedFile
  private let buffer = GrowingBuffer<Int32>(capacity: bufferSize)
  private var written = 0

  /// An empty file.
  init() throws(WordVectorError) { file = try UnnamedFile() }

  /// How many numbers there are.
  var count: Int { written + buffer.count }

  @inline(__always) func append(_ number: Int32) throws(WordVectorError) {
    buffer.append(number)
    if buffer.count == Self.bufferSize { try flush() }
  }

  /// Writes what is still in memory; needed before reading.
  func flush() throws(WordVectorError) {
    try file.append(UnsafeRawBufferPointer(buffer.elements))
    written += buffer.count
    buffer.removeAll()
  }

  /// Puts numbers of a range at `target`.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Int32>) throws(WordVectorError) {
    precondition(range.upperBound <= written, "numbers are read before they are written")
    try file.read(
      at: range.lowerBound * 4,
      into: UnsafeMutableRawBufferPointer(start: target, count: range.count * 4))
  }
}
