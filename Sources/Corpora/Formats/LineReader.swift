// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An open file of text, from which lines are taken one after another.
public final class LineReader {
  /// What errors call the file.
  public let name: String
  /// The number of the line that was taken last, from 1.
  public private(set) var number = 0

  private let limit: Int
  private let handle: FileHandle
  /// What unpacks a `.gz`.
  private let child: ChildProcess?
  private let closesHandle: Bool
  private var buffer: [UInt8] = []
  /// Where in the buffer the next line begins.
  private var start = 0
  /// Where in the buffer the search for its end goes on.
  private var searched = 0
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
  /// - Throws: `.encoding` where it is not UTF-8, `.length` where it is longer than the limit, `.file` where
  ///   reading fails, `.format` where a `.gz` is damaged; each names the line.
  public func next() throws(CorpusError) -> String? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { (start, searched) = (end + 1, end + 1) }
        return try line(start..<end)
      }
      searched = buffer.count
      guard buffer.count - start <= limit else { throw tooLong(number + 1) }
      guard !isAtEnd else {
        guard start < buffer.count else { return nil }
        defer { (start, searched) = (buffer.count, buffer.count) }
        return try line(start..<buffer.count)
      }
      try fill()
    }
  }

  /// Whether a whole line is at hand without waiting for more.
  var hasLine: Bool { buffer[searched...].contains(UInt8(ascii: "\n")) }

  private func line(_ range: Range<Int>) throws(CorpusError) -> String {
    number += 1
    var bytes = buffer[range]
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    if number == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    guard bytes.count <= limit else { throw tooLong(number) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CorpusError(
        .encoding, "the line is not valid UTF-8", hint: "convert the file, for example with iconv",
        at: name, line: number)
    }
    return text
  }

  private func fill() throws(CorpusError) {
    buffer.removeSubrange(..<start)
    (start, searched) = (0, buffer.count)
    let descriptor = handle.fileDescriptor
    let size = 1 << 18
    var piece = [UInt8](repeating: 0, count: size)
    while true {
      // The system's own call: it returns what a pipe has now, without waiting for more.
      let count = read(descriptor, &piece, size)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CorpusError(
          .file, "the file cannot be read", found: String(cString: strerror(errno)), at: name,
          line: number + 1)
      }
      if count == 0 {
        isAtEnd = true
        try finishChild()
      } else {
        buffer += piece[..<count]
      }
      return
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

  private func tooLong(_ number: Int) -> CorpusError {
    CorpusError(
      .length, "the line is longer than \(limit) bytes",
      hint: "is it text, with one example a line?", at: name, line: number)
  }
}
