// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that is written beside its place and renamed when it is complete; given up, it leaves nothing.
final class AtomicFile {
  private let url: URL
  private let temporary: String
  private var descriptor: Int32

  /// Opens the file beside its place; tests put a device in its stead.
  init(_ url: URL, descriptorFor device: String? = nil) throws(TorchError) {
    self.url = url
    temporary = url.path + ".partial-\(getpid())"
    descriptor = open(device ?? temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  func write(_ data: Data) throws(TorchError) {
    do {
      try data.withUnsafeBytes { try write($0) }
    } catch let error as TorchError {
      throw error
    } catch {
      throw TorchError(.file, "cannot be written: \(error)", at: url.path)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TorchError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw failure() }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Makes the file appear under its name, its bytes on the disk.
  func commit() throws(TorchError) {
    guard fsync(descriptor) == 0 else { throw failure() }
    close(descriptor)
    descriptor = -1
    guard rename(temporary, url.path) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
  }

  private func failure() -> TorchError {
    TorchError(.file, "cannot be written: " + String(cString: strerror(errno)), at: url.path)
  }
}

extension Tensor {
  /// Lends the elements' bytes, row-major; a copy is made only for a tensor that is not contiguous.
  public func withContiguousBytes(
    _ body: (UnsafeRawBufferPointer) throws(TorchError) -> Void
  ) throws(TorchError) {
    let source = isContiguous ? self : try contiguous()
    let size = source.count * (source.dtype?.byteCount ?? 0)
    try body(UnsafeRawBufferPointer(start: source.address, count: size))
  }
}
