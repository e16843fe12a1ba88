// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes lines to a file, packed where its name ends in `.gz`, or to standard output.
///
/// A file appears when it is committed; what is not committed leaves nothing behind.
public final class LineWriter {
  private enum Target {
    case file(AtomicFile)
    case gzip(GzipFile)
    case standardOutput
  }

  private static let bufferSize = 1 << 17

  private let target: Target
  private var buffer: [UInt8] = []

  /// A file at a path; "-" is standard output.
  ///
  /// - Throws: `CorpusError.Code.file` where it cannot be written.
  public init(_ path: String) throws(CorpusError) {
    if path == "-" {
      target = .standardOutput
    } else if path.lowercased().hasSuffix(".gz") {
      target = .gzip(try GzipFile(path))
    } else {
      target = .file(try AtomicFile(path))
    }
  }

  /// Appends a line and its end.
  public func write(line: [UInt8]) throws(CorpusError) {
    buffer.append(contentsOf: line)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends a line and its end.
  public func write(line: String) throws(CorpusError) { try write(line: Array(line.utf8)) }

  /// Hands on what has been gathered.
  public func flush() throws(CorpusError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    switch target {
    case .file(let file): try file.write(contentsOf: buffer)
    case .gzip(let file): try file.write(buffer)
    case .standardOutput: try Self.writeOut(buffer)
    }
  }

  /// Puts the whole file in its place; nothing can be written after.
  public func commit() throws(CorpusError) {
    try flush()
    switch target {
    case .file(let file): try file.commit()
    case .gzip(let file): try file.commit()
    case .standardOutput: break
    }
  }

  private static func writeOut(_ bytes: [UInt8]) throws(CorpusError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Foundation.write(1, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CorpusError(
          .file, "cannot be written to", found: String(cString: strerror(errno)),
          at: "standard output")
      }
      written += count
    }
  }
}
