// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A lock between processes, by the name of a file.
///
/// The system gives it back when the process ends, however it ends, so a lock is never left over. Its file
/// stays: to remove it would let two processes hold two files of one name.
enum FileLock {
  /// Calls `body` while holding the lock; the file is made where it is absent.
  ///
  /// - Parameter whileWaiting: Is called once where another process holds the lock.
  /// - Throws: `CorpusError.Code.file` where the file cannot be made or locked; else what `body` throws.
  static func withLock<Result>(
    _ path: String, whileWaiting: () -> Void, _ body: () throws -> Result
  ) throws -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { whileWaiting() }
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else { throw failure(path) }
      }
    }
    return try body()
  }

  private static func failure(_ path: String) -> CorpusError {
    CorpusError(
      .file, "the file cannot be locked", found: String(cString: strerror(errno)),
      hint: "check the permissions of its folder, or set KOINE_CACHE to another", at: path)
  }
}
