// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file's lines as valid UTF-8, read in pieces: `-` is standard input, `.gz` is unpacked on the way.
///
/// Lines end with a line feed; a carriage return before it goes with it, and so does a byte order mark at
/// the start.
public struct TextLines: Sendable {
  /// The longest line that is taken unless told otherwise, in bytes: 1 MiB.
  public static let lengthLimit = 1 << 20

  /// What errors call the file.
  public let name: String
  /// The file; nil is standard input.
  let url: URL?
  /// The longest line that is taken, in bytes.
  let limit: Int
  /// What becomes of lines that are not UTF-8 or too long.
  let invalid: InvalidText

  /// The lines of the file at a path.
  ///
  /// - Throws: `CorpusError.Code.file` where there is none, or a folder.
  public init(
    _ path: String, limit: Int = Self.lengthLimit, invalid: InvalidText = .stop
  ) throws(CorpusError) {
    self.limit = limit
    self.invalid = invalid
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

  /// Opens the file to read it line by line.
  ///
  /// - Throws: `CorpusError.Code.file` where it cannot be read.
  public func open() throws(CorpusError) -> LineReader { try LineReader(self) }

  /// Opens the file to read its lines as bytes, be they text or not.
  ///
  /// - Throws: `CorpusError.Code.file` where it cannot be read.
  public func openBytes() throws(CorpusError) -> ByteLineReader { try ByteLineReader(self) }

  /// Calls `body` with each line and its number, from 1.
  public func forEach(_ body: (String, Int) throws -> Void) throws {
    let reader = try open()
    while let line = try reader.next() { try body(line, reader.number) }
  }

  /// Calls `body` with as many lines as have come in, at most `limit` at a time.
  ///
  /// A program that is fed line by line gets its answers line by line; one that is fed a file gets
  /// full batches.
  public func forEachBatch(of limit: Int, _ body: ([String]) throws -> Void) throws {
    let reader = try open()
    var batch: [String] = []
    while let line = try reader.next() {
      batch.append(line)
      guard batch.count == limit || !reader.hasLine else { continue }
      try body(batch)
      batch = []
    }
  }
}
