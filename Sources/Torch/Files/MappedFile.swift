// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file's bytes, mapped read-only; the mapping ends when the last user of it is gone.
///
/// Pages are read when they are touched, so a large table of which few rows are used costs little.
final class MappedFile {
  let bytes: UnsafeRawBufferPointer
  private let descriptor: Int32
  private let path: String

  /// Maps a file.
  ///
  /// Fails with a sentence when it is absent, a directory or empty.
  init(_ url: URL) throws(TorchError) {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TorchError(.file, String(cString: strerror(errno)), at: url.path)
    }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw TorchError(.file, "expected a file, found a directory or a device", at: url.path)
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw TorchError(.format, "the file is empty", at: url.path) }
    guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else {
      throw TorchError(.file, "cannot be mapped: " + String(cString: strerror(errno)), at: url.path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
    self.descriptor = descriptor
    path = url.path
    isKept = true
  }

  /// Some of the file's bytes, copied without touching the mapping's pages.
  func read(_ offset: Int, _ count: Int) throws(TorchError) -> [UInt8] {
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while done < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { break }
        done += got
      }
      initialized = done
    }
    guard done == count else {
      throw TorchError(.file, "\(count) bytes at \(offset) cannot be read", at: path)
    }
    return bytes
  }

  deinit {
    close(descriptor)
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
