// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Transfer

/// Where the checkpoints of a training are until it has ended: beside its output, under a name that only the same training has.
struct CheckpointFolder {
  /// The folder.
  let url: URL

  /// The folder of a training.
  ///
  /// - Parameters:
  ///   - output: what the training makes.
  ///   - task: what it is.
  ///   - base: the base, which counts by its contents.
  ///   - settings: all that its outcome depends on, beside files.
  ///   - files: the files that are read, by what for; they count by their contents.
  ///   - below: adapters below what is trained.
  init(
    beside output: URL, _ task: String, base: String, _ settings: [any Encodable],
    files: [(role: String, paths: [String])], below: LowerAdapters
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var text = task
    for setting in settings { text += String(decoding: try encoder.encode(setting), as: UTF8.self) }
    let directory = try BaseModels.directory(base) { Terminal.log($0) }
    text += try "\nbase " + FileDigest.sha256(ofFolder: directory, where: SentenceEncoders.reads)
    for (role, paths) in files {
      // Standard input cannot be read twice: a place of its own, that nothing goes on from.
      for path in paths {
        text +=
          try "\n\(role) "
          + (path == "-" ? UUID().uuidString : FileDigest.sha256(of: URL(fileURLWithPath: path)))
      }
    }
    text += try "\nbelow " + below.digest()
    let identity = FileDigest.sha256(of: Data(text.utf8)).prefix(12)
    url = output.deletingLastPathComponent().appendingPathComponent(
      ".\(output.lastPathComponent).checkpoints-\(identity)")
  }

  /// Removes the folder, once what it is for is done.
  func remove() { try? FileManager.default.removeItem(at: url) }
}
