// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Koine against the reference libraries, on the fixtures that they made.
///
/// The folder is `KOINE_GOLDENS`, else `shared/goldens` beside the repository. Without one the suite is
/// skipped. A fixture of a kind that is neither read nor listed as pending makes its suite fail.
@Suite struct Golden {
  /// The folder of fixtures, or nil where there is none.
  static let folder: URL? = {
    let repository = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment["KOINE_GOLDENS"]
    let url =
      path.map { URL(fileURLWithPath: $0, relativeTo: repository) }
      ?? repository.deletingLastPathComponent().appendingPathComponent("shared/goldens")
    return FileManager.default.fileExists(atPath: url.path) ? url.absoluteURL : nil
  }()

  /// The folders of one kind of fixture, sorted by name.
  static func directories(_ kind: String) -> [URL] {
    guard let folder = folder?.appendingPathComponent(kind) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().map { folder.appendingPathComponent($0) }.filter {
      (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    }
  }
}
