// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Training
import Transformers

/// The folder of an adapter, or of a whole base, that a training without a task makes.
struct TrainedFolder {
  /// The base's name or directory.
  let base: String
  /// The directories of adapters below what is trained.
  let below: [String]
  /// What moves.
  let choice: TuningChoice

  /// Refuses a place where what is trained would take the place of something that is not of its kind.
  ///
  /// - Throws: `TransformerError` for a file, for the base itself or an adapter below, and for a folder that holds no adapter where an
  ///   adapter is trained, or no plain model where the base is.
  func check(place directory: URL) throws {
    let files = FileManager.default
    let own = directory.standardizedFileURL.resolvingSymlinksInPath().path
    for path in [base] + below {
      let place = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
      guard place.standardizedFileURL.resolvingSymlinksInPath().path != own else {
        throw TransformerError(
          .file, "expected another folder than that of what is learned from; name a new one",
          at: directory.path)
      }
    }
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: directory.path, isDirectory: &isFolder) else { return }
    let names = (try? files.contentsOfDirectory(atPath: directory.path)) ?? []
    let hasAdapter = names.contains("adapter_config.json")
    let isPlain =
      names.contains("config.json") && names.contains { $0.hasPrefix("model") }
      && !names.contains(TaskModel.descriptionFile) && !hasAdapter
    guard isFolder.boolValue, names.isEmpty || (makesAdapter ? hasAdapter : isPlain) else {
      throw TransformerError(
        .file,
        "expected a new folder, or that of \(makesAdapter ? "an adapter" : "a model") to take its place, found something "
          + "else; name another", at: directory.path)
    }
  }

  private var makesAdapter: Bool {
    if case .adapter = choice.method { true } else { false }
  }
}
