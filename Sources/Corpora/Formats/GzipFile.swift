// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A `.gz` that is packed on the way, beside its place, and appears there when it is whole.
///
/// Neither the time nor the name stands in it, so that the same text gives the same bytes.
final class GzipFile {
  private let path: String
  private let partial: String
  private let process = Process()
  private var socket: Int32

  init(_ path: String) throws(CorpusError) {
    self.path = path
    partial = "\(path).partial-\(UUID().uuidString)"
    guard let gzip = ChildProcess.find("gzip") else {
      throw CorpusError(
        .program, "the program 'gzip' is not installed", hint: "install it and try again")
    }
    // A socket and no pipe: writing to one whose reader is gone can be an error instead of a signal.
    var ends: [Int32] = [-1, -1]
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else { throw CorpusError(.file, "the file cannot be written", found: Self.reason, at: path) }
    socket = ends[0]
    let input = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let found = Self.reason
      close(socket)
      throw CorpusError(
        .file, "the file cannot be written", found: found,
        hint: "does its folder exist, and may you write there?", at: path)
    }
    let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    process.executableURL = gzip
    process.arguments = ["-n", "-c"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      close(socket)
      unlink(partial)
      throw CorpusError(.program, "the program 'gzip' cannot be started", found: "\(error)")
    }
    try? input.close()
    try? output.close()
  }

  deinit {
    guard socket >= 0 else { return }
    close(socket)
    process.waitUntilExit()
    unlink(partial)
  }

  func write(_ bytes: [UInt8]) throws(CorpusError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        send(
          socket, bytes.baseAddress?.advanced(by: written), bytes.count - written,
          Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      written += count
    }
  }

  func commit() throws(CorpusError) {
    close(socket)
    socket = -1
    process.waitUntilExit()
    guard process.terminationStatus == 0, rename(partial, path) == 0 else {
      unlink(partial)
      throw failure()
    }
  }

  private func failure() -> CorpusError {
    CorpusError(
      .space, "the file cannot be written", found: "gzip stopped",
      hint: "is the disk full? Nothing half-written is left", at: path)
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
