// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lines of text that are read again and again in any order, kept in a file that has no name.
///
/// In memory there is only where each line begins, so that a text may be far larger than it.
public final class LineStore {
  private static let bufferSize = 1 << 18

  private let descriptor: Int32
  private let place: String
  private var buffer: [UInt8] = []
  private var starts: [Int] = [0]
  private var mapped: MappedFile?

  /// An empty store.
  ///
  /// - Throws: `WordVectorError.Code.file` where the folder for temporary files cannot be written to.
  public init() throws(WordVectorError) {
    let folder = FileManager.default.temporaryDirectory.path
    place = "\(folder)/koine-lines-\(UUID().uuidString)"
    descriptor = open(place, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(folder, errno) }
  }

  deinit {
    close(descriptor)
    unlink(place)
  }

  /// How many lines there are.
  public var count: Int { starts.count - 1 }

  /// Appends a line.
  ///
  /// - Throws: `WordVectorError.Code.file` where the disk is full.
  public func append(_ line: String) throws(WordVectorError) { try append(bytes: line.utf8) }

  /// Appends a line by its bytes, without its line feed.
  ///
  /// - Throws: `WordVectorError.Code.file` where the disk is full.
  public func append(bytes: some Collection<UInt8>) throws(WordVectorError) {
    precondition(mapped == nil, "lines cannot be added once they are read")
    buffer.append(contentsOf: bytes)
    starts.append(starts[starts.count - 1] + bytes.count)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends the lines of a text; the last one's line feed may be absent.
  ///
  /// - Throws: `WordVectorError.Code.file` where the disk is full.
  public func append(linesOf text: [UInt8]) throws(WordVectorError) {
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      try append(bytes: text[start..<end])
      start = end + 1
    }
  }

  /// Makes the lines ready to be read.
  func seal() throws(WordVectorError) {
    guard mapped == nil else { return }
    try flush()
    if starts[count] > 0 { mapped = try MappedFile(place) }
    unlink(place)
  }

  /// The bytes of a line, which are there as long as the store is.
  func line(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    guard let mapped else { return UnsafeBufferPointer(start: nil, count: 0) }
    let bytes = UnsafeRawBufferPointer(rebasing: mapped.bytes[starts[index]..<starts[index + 1]])
    return bytes.assumingMemoryBound(to: UInt8.self)
  }

  private func flush() throws(WordVectorError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(place, errno) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func failure(_ place: String, _ code: Int32) -> WordVectorError {
    WordVectorError(
      .file, "the text to learn from cannot be kept", found: String(cString: strerror(code)),
      hint: "free some space, or set TMPDIR to another folder", at: place)
  }
}
