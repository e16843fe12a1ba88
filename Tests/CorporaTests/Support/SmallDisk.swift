// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Corpora

/// A disk of 64 KiB in memory, which only root can have.
final class SmallDisk {
  /// Whether one can be had here.
  static let isAvailable = (try? SmallDisk()) != nil

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try ChildProcess.run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.url.path])
  }

  deinit { try? ChildProcess.run("umount", [folder.url.path]) }
}
