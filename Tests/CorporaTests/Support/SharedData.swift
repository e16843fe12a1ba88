// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Real data beside the repository, which not everybody has.
enum SharedData {
  /// A folder of it; nil where it is absent.
  static func folder(_ name: String) -> URL? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../..").standardizedFileURL
    let goldens = ProcessInfo.processInfo.environment["KOINE_GOLDENS"].map { path in
      path.hasPrefix("/")
        ? URL(fileURLWithPath: path) : root.appendingPathComponent(path)
    }
    let shared =
      goldens?.deletingLastPathComponent() ?? root.appendingPathComponent("../shared")
    let folder = shared.standardizedFileURL.appendingPathComponent("data/\(name)")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }
}
