// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the strings of a ``SortedRun`` one after another.
final class SortedRunReader {
  private let file: FileHandle
  private let path: String
  private var buffer: UnsafeMutableRawBufferPointer
  private var position = 0
  private var end = 0
  private var start = 0
  private var length = 0
  /// The first bytes of the string, as a number that orders as they do.
  private var window: UInt64 = 0
  /// The count of the string that was read last.
  private(set) var count: Int64 = 0

  init(_ path: String) throws(SubwordError) {
    self.path = path
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw SubwordError(.file, "counts that were put aside are gone; run again", at: path)
    }
    self.file = file
    buffer = .allocate(byteCount: 1 << 17, alignment: 8)
  }

  deinit {
    try? file.close()
    buffer.deallocate()
  }

  /// The string that was read last; valid until the next one is read.
  var word: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: buffer.baseAddress.map { ($0 + start).assumingMemoryBound(to: UInt8.self) },
      count: length)
  }

  /// Whether this string stands here.
  @inline(__always)
  func isAt(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    guard key.count == length, let one = key.baseAddress, let other = word.baseAddress else {
      return false
    }
    return ByteString.areEqual(one, other, length)
  }

  /// Whether the string here comes before that of another reader.
  @inline(__always)
  func precedes(_ other: SortedRunReader) -> Bool {
    window != other.window ? window < other.window : ByteString.precedes(word, other.word)
  }

  /// Goes on to the next string; false where there is none.
  func next() throws(SubwordError) -> Bool {
    guard try fill(12) else { return false }
    length = Int(
      UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
    count = Int64(
      littleEndian: buffer.loadUnaligned(fromByteOffset: position + 4, as: Int64.self))
    position += 12
    guard try fill(length) else {
      throw SubwordError(.file, "counts that were put aside are cut off; run again", at: path)
    }
    start = position
    position += length
    window = ByteString.window(word, at: 0)
    return true
  }

  /// Sees to it that so many bytes are there; false where the file has no more.
  @inline(__always)
  private func fill(_ needed: Int) throws(SubwordError) -> Bool {
    end - position >= needed ? true : try refill(needed)
  }

  private func refill(_ needed: Int) throws(SubwordError) -> Bool {
    let rest = end - position
    if needed > buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: needed * 2, alignment: 8)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[position..<end]))
      buffer.deallocate()
      buffer = larger
    } else if let base = buffer.baseAddress {
      memmove(base, base + position, rest)
    }
    (position, end) = (0, rest)
    while end < needed {
      guard let base = buffer.baseAddress else { return false }
      let found = read(file.fileDescriptor, base + end, buffer.count - end)
      if found < 0, errno == EINTR { continue }
      guard found >= 0 else {
        throw SubwordError(
          .file, "counts that were put aside cannot be read (\(String(cString: strerror(errno))))",
          at: path)
      }
      guard found > 0 else { return false }
      end += found
    }
    return true
  }
}
