// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The folder where Koine keeps what it fetched, shared by all of a user's projects.
public enum Cache {
  /// `KOINE_CACHE`, else `.cache/koine` in the home folder.
  public static var folder: URL {
    if let path = ProcessInfo.processInfo.environment["KOINE_CACHE"], !path.isEmpty {
      return URL(fileURLWithPath: path)
    }
    return FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache/koine")
  }

  /// A folder in the cache, made by `body` when it is not there yet.
  ///
  /// It is made under another name and renamed when it is whole, so an interrupted run leaves nothing that
  /// could be taken for complete; what it leaves is removed by the next. Of two processes that want the same
  /// folder, one makes it while the other waits.
  public static func folder(
    _ name: String, progress: (String) -> Void = { _ in }, _ body: (URL) throws -> Void
  ) throws -> URL {
    try folder(name, in: folder, progress: progress, body)
  }

  /// A folder in another folder than the cache.
  static func folder(
    _ name: String, in root: URL, progress: (String) -> Void = { _ in },
    _ body: (URL) throws -> Void
  ) throws -> URL {
    let files = FileManager.default
    let place = root.appendingPathComponent(name)
    if files.fileExists(atPath: place.path) { return place }
    let parent = place.deletingLastPathComponent()
    do {
      try files.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw CorpusError(
        .file, "the cache's folder cannot be made", hint: "set KOINE_CACHE to a folder of yours",
        at: parent.path)
    }
    let hidden = parent.appendingPathComponent(".\(place.lastPathComponent)").path
    return try FileLock.withLock(
      "\(hidden).lock",
      whileWaiting: { progress("waiting for another process that makes \(name)") }
    ) {
      if files.fileExists(atPath: place.path) { return place }
      let partial = URL(fileURLWithPath: "\(hidden).partial")
      try? files.removeItem(at: partial)
      do {
        try files.createDirectory(at: partial, withIntermediateDirectories: true)
        try body(partial)
        try files.moveItem(at: partial, to: place)
      } catch {
        try? files.removeItem(at: partial)
        throw error
      }
      return place
    }
  }
}
