// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Numbers that are written once, one after another, and read again and again, kept in a file that has no name.
///
/// Any number of threads may read at once, when nobody writes.
final class NumberFile: @unchecked Sendable {
  private static let bufferSize = 1 << 16

  private let descriptor: Int32
  private let folder: String
  private let buffer = GrowingBuffer<Int32>(capacity: bufferSize)
  private var written = 0

  /// An empty file.
  init() throws(WordVectorError) {
    folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/koine-text-\(UUID().uuidString)"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(folder, errno) }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// How many numbers there are.
  var count: Int { written + buffer.count }

  @inline(__always) func append(_ number: Int32) throws(WordVectorError) {
    buffer.append(number)
    if buffer.count == Self.bufferSize { try flush() }
  }

  /// Writes what is still in memory; needed before reading.
  func flush() throws(WordVectorError) {
    let size = buffer.count * 4
    var done = 0
    while done < size {
      let count = pwrite(
        descriptor, UnsafeRawPointer(buffer.start) + done, size - done,
        off_t(written * 4 + done))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(folder, errno) }
      done += count
    }
    written += buffer.count
    buffer.removeAll()
  }

  /// Puts numbers of a range at `target`.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Int32>) throws(WordVectorError) {
    precondition(range.upperBound <= written, "numbers are read before they are written")
    var done = 0
    while done < range.count * 4 {
      let count = pread(
        descriptor, UnsafeMutableRawPointer(target) + done, range.count * 4 - done,
        off_t(range.lowerBound * 4 + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(folder, count == 0 ? EIO : errno) }
      done += count
    }
  }

  private static func failure(_ folder: String, _ code: Int32) -> WordVectorError {
    WordVectorError(
      .file, "the text to learn from cannot be kept", found: String(cString: strerror(code)),
      hint: "free some space, or set TMPDIR to another folder", at: folder)
  }
}
