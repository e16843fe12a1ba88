// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory that is filled beside its place and renamed when it is complete; given up, it leaves nothing.
public enum AtomicDirectory {
  /// Makes a directory with what `body` writes into it; one that is there is replaced.
  ///
  /// - Parameters:
  ///   - directory: where it is to appear; folders above it are made.
  ///   - body: writes files into the directory that it is given.
  /// - Throws: `TorchError` where the place cannot be written, and what `body` throws.
  public static func write(_ directory: URL, _ body: (URL) throws -> Void) throws {
    let files = FileManager.default
    let beside = { (kind: String) in
      directory.deletingLastPathComponent()
        .appendingPathComponent(".\(directory.lastPathComponent).\(kind)-\(getpid())")
    }
    let (partial, former) = (beside("partial"), beside("former"))
    try? files.removeItem(at: partial)
    defer { try? files.removeItem(at: partial) }
    do {
      try files.createDirectory(at: partial, withIntermediateDirectories: true)
    } catch {
      throw failure(directory, error)
    }
    try body(partial)
    do {
      guard files.fileExists(atPath: directory.path) else {
        return try files.moveItem(at: partial, to: directory)
      }
      try? files.removeItem(at: former)
      try files.moveItem(at: directory, to: former)
      try files.moveItem(at: partial, to: directory)
      try? files.removeItem(at: former)
    } catch {
      throw failure(directory, error)
    }
  }

  private static func failure(_ directory: URL, _ error: any Error) -> TorchError {
    TorchError(.file, "cannot be written: \(error.localizedDescription)", at: directory.path)
  }
}
