// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file's lines as valid UTF-8, read in pieces: `-` is standard input, `.gz` is unpacked on the way.
///
/// Lines end with a line feed; a carriage return before it goes with it, and so does a byte order mark at
/// the start.
public struct TextLines {
  /// The longest line that is taken, in bytes: 1 MiB.
  public static let lengthLimit = 1 << 20

  /// What errors call the file.
  public let name: String
  private let url: URL?
  private let limit: Int

  /// The lines of the file at a path.
  public init(_ path: String, limit: Int = Self.lengthLimit) throws(CorpusError) {
    self.limit = limit
    guard path != "-" else {
      name = "standard input"
      url = nil
      return
    }
    name = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CorpusError(.file, "there is no such file", at: path)
    }
    guard !isFolder.boolValue else {
      throw CorpusError(.file, "expected a file, found a folder", at: path)
    }
    url = URL(fileURLWithPath: path)
  }

  /// Calls `body` with each line and its number, from 1.
  public func forEach(_ body: (String, Int) throws -> Void) throws {
    try read(body, afterEachRead: {})
  }

  /// Calls `body` with as many lines as have come in, at most `limit` at a time.
  ///
  /// A program that is fed line by line gets its answers line by line; one that is fed a file gets
  /// full batches.
  public func forEachBatch(of limit: Int, _ body: ([String]) throws -> Void) throws {
    var batch: [String] = []
    func flush() throws {
      guard !batch.isEmpty else { return }
      let lines = batch
      batch = []
      try body(lines)
    }
    try read(
      { line, _ in
        batch.append(line)
        if batch.count >= limit { try flush() }
      }, afterEachRead: flush)
    try flush()
  }

  private func read(
    _ body: (String, Int) throws -> Void, afterEachRead: () throws -> Void
  ) throws {
    if let url, url.pathExtension == "gz" {
      try ChildProcess("gzip", ["-dc", url.path]).streamOutput { try read($0, body, afterEachRead) }
      return
    }
    guard let url else { return try read(.standardInput, body, afterEachRead) }
    guard let handle = try? FileHandle(forReadingFrom: url) else {
      throw CorpusError(.file, "cannot be read", at: name)
    }
    defer { try? handle.close() }
    try read(handle, body, afterEachRead)
  }

  private func read(
    _ handle: FileHandle, _ body: (String, Int) throws -> Void, _ afterEachRead: () throws -> Void
  ) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var rest: [UInt8] = []
    var number = 0
    func emit(_ bytes: ArraySlice<UInt8>) throws {
      number += 1
      var bytes = bytes
      if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
      if number == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
      guard bytes.count <= limit else { throw tooLong(number) }
      guard let line = String(validating: bytes, as: UTF8.self) else {
        throw CorpusError(
          .format, "the line is not valid UTF-8; convert the file, for example with iconv",
          at: "\(name):\(number)")
      }
      try body(line, number)
    }
    while true {
      // The system's own call: it returns what a pipe has now, without waiting for more.
      let count = Foundation.read(handle.fileDescriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CorpusError(.file, "cannot be read: \(String(cString: strerror(errno)))", at: name)
      }
      guard count > 0 else { break }
      rest += buffer[..<count]
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try emit(rest[start..<end])
        start = end + 1
      }
      rest.removeSubrange(..<start)
      guard rest.count <= limit else { throw tooLong(number + 1) }
      try afterEachRead()
    }
    if !rest.isEmpty { try emit(rest[...]) }
  }

  private func tooLong(_ number: Int) -> CorpusError {
    CorpusError(
      .format, "the line is longer than \(limit) bytes; is it text, with one example a line?",
      at: "\(name):\(number)")
  }
}
