// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file without a name, which is gone when it is closed: for what does not fit into memory.
///
/// One thread appends; any number may read when nobody does.
final class UnnamedFile: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// Makes one where `TMPDIR` says, else in `/var/tmp`, which is on a disk where `/tmp` may be memory.
  ///
  /// - Throws: `WordVectorError.Code.file` where that folder is none, or may not be written to.
  init() throws(WordVectorError) {
    folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
    var name = Array("\(folder)/koine-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Self.failure("made", folder, errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Writes bytes at the file's end.
  func append(_ bytes: UnsafeRawBufferPointer) throws(WordVectorError) {
    var done = 0
    while done < bytes.count {
      let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("written", folder, errno) }
      done += count
    }
  }

  /// Fills memory with the bytes from a place on, which must be there.
  func read(at place: Int, into bytes: UnsafeMutableRawBufferPointer) throws(WordVectorError) {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("read", folder, count == 0 ? EIO : errno) }
      done += count
    }
  }

  /// All that was written, mapped into memory.
  func mapped() throws(WordVectorError) -> MappedFile {
    try MappedFile(descriptor: descriptor, path: "\(folder) (a file without a name)")
  }

  private static func failure(
    _ what: String, _ folder: String, _ code: Int32
  ) -> WordVectorError {
    WordVectorError(
      .file, "a file for what does not fit into memory cannot be \(what)",
      found: String(cString: strerror(code)),
      hint: "make room there, or name another folder in TMPDIR", at: folder)
  }
}
