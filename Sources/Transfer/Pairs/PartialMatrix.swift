// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// A NumPy matrix that is written row by row beside its place, and can be gone on with after the program was killed.
final class PartialMatrix {
  private let url: URL
  private let place: URL
  private let width: Int
  private let descriptor: Int32
  /// Whole rows that are there.
  private(set) var rows: Int

  /// Opens what a run left, or begins anew.
  ///
  /// - Throws: `RecipeError.Code.file` where it cannot be written, or another run has it open.
  init(_ url: URL, width: Int) throws {
    self.url = url
    self.width = width
    place = url.appendingPathExtension("partial")
    // Where the folder cannot be made, opening the file says why.
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    descriptor = open(place.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    rows = 0
    guard descriptor >= 0 else { throw failure(errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw RecipeError(
        .file, "another run is making these vectors; wait for it, or name another folder",
        at: place.path)
    }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    rows = max(0, size - NumpyWriter.headerSize) / (width * 4)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Keeps so many rows; the next one is written behind them.
  func cut(to rows: Int) throws {
    let size = off_t(NumpyWriter.headerSize + rows * width * 4)
    guard ftruncate(descriptor, size) == 0, lseek(descriptor, size, SEEK_SET) == size else {
      throw failure(errno)
    }
    self.rows = rows
  }

  /// Writes rows, laid end to end.
  func append(_ numbers: [Float]) throws {
    try numbers.withUnsafeBytes { try write($0) }
    rows += numbers.count / width
  }

  /// Completes the header and puts the file in its place.
  func finish() throws {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure(errno) }
    let header = NumpyWriter.header(rows: rows, width: width)
    try header.withUnsafeBytes { try write($0) }
    guard fsync(descriptor) == 0, rename(place.path, url.path) == 0 else { throw failure(errno) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(errno) }
      done += count
    }
  }

  private func failure(_ code: Int32) -> RecipeError {
    RecipeError(
      .file,
      "the vectors cannot be kept: \(String(cString: strerror(code))); make room, or name another folder",
      at: place.path)
  }
}
