// SPDX-License-Identifier: Apache-2.0

import Foundation
import Transformers

/// A head in a directory that transformers wrote, which says by its class's name what it is for.
struct PublishedHead {
  let checkpoint: EncoderCheckpoint
  let kind: TaskKind

  /// Finds out what a directory's head is for.
  ///
  /// - Throws: `TransformerError` where it has none that answers a task.
  init(_ directory: URL) throws {
    struct Fields: Decodable { var architectures: [String]? }
    let file = directory.appendingPathComponent("config.json")
    guard let data = try? Data(contentsOf: file),
      let fields = try? JSONDecoder().decode(Fields.self, from: data)
    else {
      throw TransformerError(
        .file,
        "there is no tuned model; expected a directory that 'koine tune' wrote, or one of transformers",
        at: directory.path)
    }
    let architecture = fields.architectures?.first ?? "none"
    checkpoint = try EncoderCheckpoint(directory)
    if architecture.hasSuffix("ForSequenceClassification") {
      kind = checkpoint.configuration.labels.count == 1 ? .regression : .classification
    } else if architecture.hasSuffix("ForTokenClassification") {
      kind = .tagging
    } else if architecture.hasSuffix("ForQuestionAnswering") {
      kind = .answering
    } else {
      throw TransformerError(
        .configuration,
        "'architectures' is \(architecture), a model without a task's head; tune it first ('koine tune')",
        at: file.path)
    }
  }

  /// The task of a directory's head.
  static func task<Task: TuningTask>(
    _ type: Task.Type, _ checkpoint: EncoderCheckpoint
  ) throws -> Task {
    let labels = checkpoint.configuration.labels
    func cast(_ configuration: any Codable) throws -> Task {
      guard let configuration = configuration as? Task.Configuration else {
        throw TransformerError(
          .configuration, "the head is not one for \(Task.name)", at: checkpoint.directory.path)
      }
      return Task(configuration)
    }
    switch type {
    case is SequenceClassification.Type:
      return try cast(SequenceClassification.Configuration(labels: LabelSet(ordered: labels)))
    case is TokenTagging.Type:
      let isEntities = labels.allSatisfy {
        $0 == "O" || $0.hasPrefix("B-") || $0.hasPrefix("I-")
      }
      return try cast(
        TokenTagging.Configuration(
          labels: LabelSet(ordered: labels), kind: isEntities ? .entities : .words))
    case is SequenceRegression.Type:
      // transformers learns the number itself, not its share of a range.
      return try cast(SequenceRegression.Configuration(minimum: 0, maximum: 1))
    default: return try cast(ExtractiveAnswering.Configuration())
    }
  }
}
