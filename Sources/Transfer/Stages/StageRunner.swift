// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// Runs stages, each in a folder of its own, and skips one whose manifest would be the same.
///
/// A stage writes beside its place; its folder appears, whole and with its manifest, when it is done. A run
/// that was killed therefore goes on at the stage it was in.
struct StageRunner {
  /// The folder that holds the stages' folders.
  let root: URL
  /// Told of each stage: its name, and whether it was there already.
  let observer: (String, Bool) -> Void
  /// The stages that were not there already.
  let history = History()

  /// What a run has done so far.
  final class History {
    fileprivate(set) var ran: Set<String> = []
  }

  /// A runner of stages below a folder.
  init(root: URL, observer: @escaping (String, Bool) -> Void) {
    self.root = root
    self.observer = observer
  }

  /// Runs `body` unless the stage is there; returns its folder.
  ///
  /// - Parameters:
  ///   - path: the stage's folder below the root.
  ///   - manifest: what the stage depends on.
  ///   - body: makes the stage's files in the folder that it is given.
  func run(
    _ path: String, _ manifest: StageManifest, _ body: (URL) throws -> Void
  ) throws -> URL {
    let folder = root.appendingPathComponent(path)
    if isComplete(folder, manifest) {
      observer(path, true)
      return folder
    }
    observer(path, false)
    history.ran.insert(path)
    let files = FileManager.default
    let partial = root.appendingPathComponent("\(path).partial")
    do {
      if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
      try files.createDirectory(at: partial, withIntermediateDirectories: true)
      try body(partial)
      var manifest = manifest
      for name in try Self.fileNames(partial) {
        manifest.outputs[name] = try FileDigest.sha256(of: partial.appendingPathComponent(name))
      }
      try manifest.json.write(to: partial.appendingPathComponent("manifest.json"))
      if files.fileExists(atPath: folder.path) { try files.removeItem(at: folder) }
      try files.moveItem(at: partial, to: folder)
    } catch {
      try? files.removeItem(at: partial)
      throw error
    }
    return folder
  }

  /// Whether the folder holds the files of just this manifest, with the bytes that it names.
  private func isComplete(_ folder: URL, _ manifest: StageManifest) -> Bool {
    guard
      let data = try? Data(contentsOf: folder.appendingPathComponent("manifest.json")),
      let found = try? JSONDecoder().decode(StageManifest.self, from: data),
      found.identity == manifest.identity
    else { return false }
    return found.outputs.allSatisfy { name, hash in
      (try? FileDigest.sha256(of: folder.appendingPathComponent(name))) == hash
    }
  }

  /// The paths of all files below a folder, sorted.
  private static func fileNames(_ folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
      var isFolder: ObjCBool = false
      let path = folder.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }
}
