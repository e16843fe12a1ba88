// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file's bytes, mapped into memory: the system reads a page when it is first touched.
///
/// The file must not be cut short while it is mapped.
final class MappedFile: Sendable {
  // The pages are mapped read-only and stay until `deinit`, so that any thread may read them.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// Maps the file at a path.
  ///
  /// - Throws: `WordVectorError.Code.file` where it is absent, a folder, empty or unreadable.
  convenience init(_ path: String) throws(WordVectorError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path)
  }

  /// Maps an open file; `path` is for errors.
  init(descriptor: Int32, path: String) throws(WordVectorError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw WordVectorError(
        .file, "only a regular file can be read as a model", hint: "name the model's file", at: path
      )
    }
    guard status.st_size > 0 else {
      throw WordVectorError(.format, "the file is empty", expected: "a model", at: path)
    }
    let size = Int(status.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw Self.failure(path, errno) }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  /// Tells the system that a range is not needed soon; it is read again from the file where it is.
  func release(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let (start, end) = ((range.lowerBound + page - 1) / page * page, range.upperBound / page * page)
    guard start < end, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  private static func failure(_ path: String, _ code: Int32) -> WordVectorError {
    WordVectorError(
      .file, "the file cannot be read", found: String(cString: strerror(code)),
      hint: "check the path and its permissions", at: path)
  }
}
