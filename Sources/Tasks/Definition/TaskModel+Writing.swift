// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

extension TaskModel {
  /// Refuses a place where a model would take the place of something that is none.
  ///
  /// - Throws: `TransformerError` for a file, and for a folder with something else in it than a tuned model.
  public static func check(place directory: URL) throws {
    var isFolder: ObjCBool = false
    let files = FileManager.default
    guard files.fileExists(atPath: directory.path, isDirectory: &isFolder) else { return }
    let names = (try? files.contentsOfDirectory(atPath: directory.path)) ?? []
    guard isFolder.boolValue, names.isEmpty || names.contains(descriptionFile) else {
      throw TransformerError(
        .file,
        "expected a new folder for the model, or that of a tuned model to take its place, found something else; "
          + "name another", at: directory.path)
    }
  }

  /// Writes a tuned model, whole or not at all.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - head: its head's parameters.
  ///   - adapters: the adapters, the lowest first; each gets a folder of its name.
  ///   - base: the body, as it is after tuning.
  ///   - name: what the body is found by; nil writes the body into the directory.
  ///   - maximumLength: the most tokens of a row.
  ///   - source: the language whose labels were learned from.
  ///   - directory: where it is to be; a tuned model that is there is replaced, anything else refused.
  public static func write<Task: TuningTask>(
    _ task: Task, head: ParameterStore, adapters: [Adapter], base: TextEncoder, name: String?,
    maximumLength: Int, source: String? = nil, to directory: URL
  ) throws {
    try check(place: directory)
    let hash = try base.parameters.bodyHash()
    let description = Description(
      base: name, bodyHash: hash, adapters: adapters.map(\.name), maximumLength: maximumLength,
      source: source)
    try AtomicDirectory.write(directory) { partial in
      try TaskDirectory.write(task, head, to: partial)
      for adapter in adapters {
        adapter.bodyHash = hash
        try adapter.save(
          to: partial.appendingPathComponent("adapters/\(adapter.name)"),
          prefix: base.encoder.configuration.family.prefix, baseModel: name ?? ".")
      }
      if name == nil { try base.parameters.save(to: partial, from: base.directory) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(description).write(
        to: partial.appendingPathComponent(descriptionFile))
    }
  }
}
