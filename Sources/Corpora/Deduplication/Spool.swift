// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Items laid aside in a file that has no name and goes when it is closed.
final class Spool<Key: SpoolKey> {
  private static var bufferSize: Int { 1 << 18 }

  private let descriptor: Int32
  private let folder: String
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// A file in a folder.
  init(in folder: String) throws(CorpusError) {
    self.folder = folder
    var path = Array("\(folder)/koine-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else {
      throw CorpusError(
        .file, "a temporary file cannot be made", found: String(cString: strerror(errno)),
        hint: "name another folder", at: folder)
    }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Lays an item aside.
  func append(_ item: CopyItem<Key>) throws(CorpusError) {
    var key: [UInt8] = []
    item.key.encode(to: &key)
    buffer.appendWord(item.place.rawValue)
    buffer.appendWord(UInt64(key.count))
    buffer.appendWord(UInt64(item.line.count))
    buffer += key
    buffer += item.line
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Goes back to the first item, after which nothing can be laid aside.
  func rewind() throws(CorpusError) {
    try flush()
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure("read") }
  }

  /// The next item; nil at the end.
  func next() throws(CorpusError) -> CopyItem<Key>? {
    guard try ensure(24) else { return nil }
    let head = buffer[start...]
    let place = RecordPlace(rawValue: head.word(at: 0))
    let (keyCount, lineCount) = (Int(head.word(at: 8)), Int(head.word(at: 16)))
    guard try ensure(24 + keyCount + lineCount) else { throw failure("read") }
    let key = start + 24
    let line = key + keyCount
    start = line + lineCount
    return CopyItem(
      place: place, key: Key.decode(buffer[key..<line]), line: Array(buffer[line..<start]))
  }

  private func ensure(_ count: Int) throws(CorpusError) -> Bool {
    while buffer.count - start < count, !isAtEnd {
      buffer.removeSubrange(..<start)
      start = 0
      let held = buffer.count
      let size = max(Self.bufferSize, count - held)
      buffer.append(contentsOf: repeatElement(0, count: size))
      let found = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { read(descriptor, $0 + held, size) } ?? 0
      }
      let code = errno
      buffer.removeLast(size - max(0, found))
      if found < 0, code == EINTR { continue }
      guard found >= 0 else { throw failure("read") }
      isAtEnd = found == 0
    }
    return buffer.count - start >= count
  }

  private func flush() throws(CorpusError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("written") }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ verb: String) -> CorpusError {
    CorpusError(
      .space, "a temporary file cannot be \(verb)", found: String(cString: strerror(errno)),
      hint: "free some space there, name another folder, or allow more memory", at: folder)
  }
}
