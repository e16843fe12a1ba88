// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An open file, from which lines are taken as bytes, whatever they hold.
///
/// A carriage return before the line feed goes with it, and so does a byte order mark at the start. A line
/// beyond the limit is passed over without being held.
public final class ByteLineReader {
  /// A line as it stands in the file.
  public enum Line: Sendable, Equatable {
    /// Its bytes, without the line's end.
    case bytes([UInt8])
    /// It is longer than the limit; how long, in bytes.
    case overlong(Int)
  }

  /// What errors call the file.
  public let name: String
  /// The number of the line that was taken last, from 1.
  public private(set) var number = 0
  /// The longest line that is given out, in bytes.
  public let limit: Int

  private static let pieceSize = 1 << 18

  private let handle: FileHandle
  /// What unpacks a `.gz`.
  private let child: ChildProcess?
  private let closesHandle: Bool
  private var buffer: [UInt8] = []
  /// Where in the buffer the next line begins.
  private var start = 0
  /// Where in the buffer the search for its end goes on.
  private var searched = 0
  /// How many bytes of the line have been passed over.
  private var skipped = 0
  private var isAtEnd = false

  init(_ lines: TextLines) throws(CorpusError) {
    name = lines.name
    limit = lines.limit
    guard let url = lines.url else {
      (handle, child, closesHandle) = (.standardInput, nil, false)
      return
    }
    guard let file = try? FileHandle(forReadingFrom: url) else {
      throw CorpusError(.file, "the file cannot be read", hint: "check its permissions", at: name)
    }
    guard url.pathExtension.lowercased() == "gz" else {
      (handle, child, closesHandle) = (file, nil, true)
      return
    }
    try? file.close()
    let child = try ChildProcess("gzip", ["-dc", "--", url.path])
    (handle, self.child, closesHandle) = (child.output, child, false)
  }

  deinit {
    if closesHandle { try? handle.close() }
  }

  /// The next line; nil at the end.
  ///
  /// - Throws: `.file` where reading fails, `.format` where a `.gz` is damaged.
  public func next() throws(CorpusError) -> Line? {
    while true {
      if let end = lineFeed() {
        defer { (start, searched) = (end + 1, end + 1) }
        return line(start..<end)
      }
      searched = buffer.count
      // One more for the carriage return, three for the byte order mark.
      if buffer.count - start - 4 > limit { skip() }
      guard !isAtEnd else {
        guard start < buffer.count || skipped > 0 else { return nil }
        defer { (start, searched) = (buffer.count, buffer.count) }
        return line(start..<buffer.count)
      }
      try fill()
    }
  }

  /// Whether a whole line is at hand without waiting for more.
  var hasLine: Bool { lineFeed() != nil }

  private func lineFeed() -> Int? {
    buffer.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, searched < bytes.count,
        let found = memchr(base + searched, 0x0a, bytes.count - searched)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func line(_ range: Range<Int>) -> Line {
    number += 1
    guard skipped == 0 else {
      defer { skipped = 0 }
      return .overlong(skipped + range.count)
    }
    var range = range
    if let last = range.last, buffer[last] == UInt8(ascii: "\r") { range.removeLast() }
    if number == 1, buffer[range].starts(with: [0xef, 0xbb, 0xbf]) { range.removeFirst(3) }
    return range.count <= limit ? .bytes(Array(buffer[range])) : .overlong(range.count)
  }

  private func skip() {
    skipped += buffer.count - start
    buffer.removeAll()
    (start, searched) = (0, 0)
  }

  private func fill() throws(CorpusError) {
    buffer.removeSubrange(..<start)
    (start, searched) = (0, buffer.count)
    let descriptor = handle.fileDescriptor
    let size = Self.pieceSize
    let held = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: size))
    while true {
      // The system's own call: it returns what a pipe has now, without waiting for more.
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { read(descriptor, $0 + held, size) } ?? 0
      }
      let code = errno
      if count < 0, code == EINTR { continue }
      buffer.removeLast(size - max(0, count))
      guard count >= 0 else {
        throw CorpusError(
          .file, "the file cannot be read", found: String(cString: strerror(code)), at: name,
          line: number + 1)
      }
      guard count == 0 else { return }
      isAtEnd = true
      return try finishChild()
    }
  }

  private func finishChild() throws(CorpusError) {
    do {
      try child?.finish()
    } catch {
      throw CorpusError(
        .format, "the file is not whole gzip data", found: error.found, hint: "fetch it again",
        at: name)
    }
  }
}
