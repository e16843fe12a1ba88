// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that is written beside its place and appears there when it is whole.
///
/// What is not committed leaves nothing behind: the file that was there before stays as it was, also
/// when the disk fills up half-way. Pieces are gathered, so that small ones cost little.
public final class AtomicFile {
  private static let bufferSize = 1 << 16

  private let path: String
  private let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Opens a file beside the one at a path.
  ///
  /// - Throws: `CorpusError.Code.file` where the folder is absent or does not let it.
  public init(_ path: String) throws(CorpusError) {
    self.path = path
    partial = "\(path).partial-\(UUID().uuidString)"
    var isFolder: ObjCBool = false
    guard
      !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue
    else { throw CorpusError(.file, "expected a file, found a folder", at: path) }
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(errno) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  /// Appends text as UTF-8.
  public func write(_ text: String) throws(CorpusError) { try write(contentsOf: text.utf8) }

  /// Appends bytes.
  ///
  /// - Throws: `CorpusError.Code.space` where the disk is full, `.file` where writing fails otherwise.
  public func write(contentsOf bytes: some Collection<UInt8>) throws(CorpusError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Overwrites bytes from the beginning of the file on, which must have been written before.
  public func overwriteStart(with bytes: [UInt8]) throws(CorpusError) {
    try flush()
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure(errno) }
    buffer = bytes
    try flush()
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw failure(errno) }
  }

  /// Puts the whole file in its place; nothing can be written after.
  public func commit() throws(CorpusError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw failure(errno) }
    guard close(descriptor) == 0, rename(partial, path) == 0 else {
      let code = errno
      unlink(partial)
      descriptor = -1
      throw failure(code)
    }
    descriptor = -1
  }

  private func flush() throws(CorpusError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(errno) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ code: Int32) -> CorpusError {
    let reason = String(cString: strerror(code))
    return switch code {
    case ENOSPC, EDQUOT:
      CorpusError(
        .space, "the file cannot be written", found: reason,
        hint: "free some space, or choose another place; nothing half-written is left", at: path)
    case ENOENT:
      CorpusError(
        .file, "the file cannot be written", found: "no such folder", hint: "make its folder first",
        at: path)
    default: CorpusError(.file, "the file cannot be written", found: reason, at: path)
    }
  }
}
