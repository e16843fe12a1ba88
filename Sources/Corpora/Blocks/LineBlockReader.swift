// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads files one after another in blocks of whole lines, to be worked on by several threads.
///
/// `-` is standard input, `.gz` is unpacked on the way. Memory holds one block: a few hundred kilobytes, or the
/// longest line where that is longer.
public final class LineBlockReader {
  private static let pieceSize = 1 << 18

  private var files: ArraySlice<TextLines>
  private var source: Source?
  /// What has been read of lines that are not whole yet.
  private var rest: [UInt8] = []
  private var nextLine = 1
  /// Lines of the files that are done.
  private var linesBefore = 0

  private struct Source {
    let name: String
    let handle: FileHandle
    let child: ChildProcess?
    let isOwned: Bool
  }

  /// A reader of the files at some paths, in that order.
  ///
  /// - Throws: `CorpusError.Code.file` where one of them is absent or a folder.
  public init(_ paths: [String]) throws(CorpusError) {
    var files: [TextLines] = []
    for path in paths { files.append(try TextLines(path)) }
    self.files = files[...]
  }

  deinit { close() }

  /// Whether the next block can be had without waiting for whoever writes it.
  public var isReady: Bool {
    guard let source else { return true }
    var request = pollfd(fd: source.handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) != 0
  }

  /// The next lines, at least one; nil at the end of the last file.
  ///
  /// A pipe that is written line by line gives its lines as they come.
  ///
  /// - Throws: `CorpusError.Code.file` where reading fails, `.format` where a `.gz` is damaged.
  public func next() throws(CorpusError) -> LineBlock? {
    while true {
      guard let source = try current() else { return nil }
      guard try fill(from: source) else {
        close()
        let (line, before) = (nextLine, linesBefore)
        linesBefore += nextLine - (rest.isEmpty ? 1 : 0)
        nextLine = 1
        guard !rest.isEmpty else { continue }
        defer { rest = [] }
        return LineBlock(
          file: source.name, firstLine: line, bytes: rest, precedingLines: before + line - 1)
      }
      guard let end = lastLineFeed else { continue }
      // The short rest is copied, and not what may be a very long line.
      let begun = Array(rest[(end + 1)...])
      rest.removeLast(begun.count)
      let block = LineBlock(
        file: source.name, firstLine: nextLine, bytes: rest,
        precedingLines: linesBefore + nextLine - 1)
      rest = begun
      scanned = rest.count
      nextLine += block.bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      return block
    }
  }

  /// How much of `rest` is known to hold no line feed.
  private var scanned = 0

  private var lastLineFeed: Int? {
    defer { scanned = rest.count }
    return rest[scanned...].lastIndex(of: UInt8(ascii: "\n"))
  }

  private func current() throws(CorpusError) -> Source? {
    if let source { return source }
    guard let lines = files.popFirst() else { return nil }
    scanned = 0
    guard let url = lines.url else {
      source = Source(name: lines.name, handle: .standardInput, child: nil, isOwned: false)
      return source
    }
    guard let handle = try? FileHandle(forReadingFrom: url) else {
      throw CorpusError(
        .file, "the file cannot be read", hint: "check its permissions", at: lines.name)
    }
    if url.pathExtension.lowercased() == "gz" {
      try? handle.close()
      let child = try ChildProcess("gzip", ["-dc", "--", url.path])
      source = Source(name: lines.name, handle: child.output, child: child, isOwned: false)
    } else {
      source = Source(name: lines.name, handle: handle, child: nil, isOwned: true)
    }
    return source
  }

  private func close() {
    if let source, source.isOwned { try? source.handle.close() }
    source = nil
  }

  /// Appends what the file gives next; false at its end.
  private func fill(from source: Source) throws(CorpusError) -> Bool {
    let held = rest.count
    rest.append(contentsOf: repeatElement(0, count: Self.pieceSize))
    while true {
      let count = rest.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map {
          read(source.handle.fileDescriptor, $0 + held, Self.pieceSize)
        } ?? 0
      }
      let code = errno
      if count < 0, code == EINTR { continue }
      rest.removeLast(Self.pieceSize - max(0, count))
      guard count >= 0 else {
        throw CorpusError(
          .file, "the file cannot be read", found: String(cString: strerror(code)),
          at: source.name, line: nextLine)
      }
      if count > 0 { return true }
      do {
        try source.child?.finish()
      } catch {
        throw CorpusError(
          .format, "the file is not whole gzip data", found: error.found, hint: "fetch it again",
          at: source.name)
      }
      return false
    }
  }
}
