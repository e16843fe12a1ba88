// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// Where the checkpoints of a training are until it has ended: beside its output, under a name that only the same training has.
struct CheckpointFolder {
  /// The folder.
  let url: URL

  /// The folder of a training.
  ///
  /// - Parameters:
  ///   - output: what the training makes.
  ///   - task: what it is.
  ///   - settings: all that its outcome depends on, beside files.
  ///   - files: the files that are read, by their contents.
  ///   - digests: hashes of anything else.
  init(
    beside output: URL, _ task: String, _ settings: [any Encodable], files: [String],
    digests: [String] = []
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var text = task
    for setting in settings { text += String(decoding: try encoder.encode(setting), as: UTF8.self) }
    for file in files where file != "-" {
      text += try FileDigest.sha256(of: URL(fileURLWithPath: file))
    }
    text += digests.joined()
    let identity = FileDigest.sha256(of: Data(text.utf8)).prefix(12)
    url = output.deletingLastPathComponent().appendingPathComponent(
      ".\(output.lastPathComponent).checkpoints-\(identity)")
  }

  /// Removes the folder, once what it is for is done.
  func remove() { try? FileManager.default.removeItem(at: url) }
}
