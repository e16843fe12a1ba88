// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

extension TaskModel {
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
  ///   - directory: where it is to be; what is there is replaced.
  public static func write<Task: TuningTask>(
    _ task: Task, head: ParameterStore, adapters: [Adapter], base: TextEncoder, name: String?,
    maximumLength: Int, source: String? = nil, to directory: URL
  ) throws {
    let hash = try base.parameters.bodyHash()
    let description = Description(
      base: name, bodyHash: hash, adapters: adapters.map(\.name), maximumLength: maximumLength,
      source: source)
    try AtomicDirectory.write(directory) { partial in
      try TaskDirectory.write(task, head, to: partial)
      for adapter in adapters {
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
