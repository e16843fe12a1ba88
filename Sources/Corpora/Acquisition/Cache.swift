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
  /// could be taken for complete. Two processes that make it at once both succeed; one result is kept.
  public static func folder(_ name: String, _ body: (URL) throws -> Void) throws -> URL {
    let files = FileManager.default
    let place = folder.appendingPathComponent(name)
    if files.fileExists(atPath: place.path) { return place }
    let parent = place.deletingLastPathComponent()
    let partial = parent.appendingPathComponent(
      ".\(place.lastPathComponent).partial-\(UUID().uuidString)")
    do {
      try files.createDirectory(at: partial, withIntermediateDirectories: true)
      try body(partial)
      do {
        try files.moveItem(at: partial, to: place)
      } catch  where files.fileExists(atPath: place.path) {
        try files.removeItem(at: partial)
      }
    } catch {
      try? files.removeItem(at: partial)
      throw error
    }
    return place
  }
}
