// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// A tuned model in a directory: which body it stands on, what was added to the body, and a task's head.
///
/// | file | what |
/// |---|---|
/// | `model.json` | the body, its hash, the adapters |
/// | `task.json`, `head.safetensors` | the task and its head (``TaskDirectory``) |
/// | `adapters/NAME/` | adapters, as PEFT and AdapterHub have them, in the order in which they are stacked |
/// | `config.json`, `model*.safetensors`, tokenizer | the body, where it was tuned itself |
///
/// A directory without `model.json` that transformers wrote for sequence classification, token classification or question answering
/// is opened too. Not `Sendable`: it holds tensors and lives on the compute thread.
public struct TaskModel {
  /// What `model.json` says.
  public struct Description: Codable, Equatable, Sendable {
    /// The version of the format.
    public var format = TaskModel.format
    /// The body's name or directory; nil where it stands in the directory itself.
    public var base: String?
    /// The SHA-256 of the body's weights; see `ParameterStore.bodyHash()`.
    public var bodyHash: String
    /// The folders of adapters below `adapters`, the lowest first.
    public var adapters: [String]
    /// The most tokens of a row.
    public var maximumLength: Int
    /// The language whose labels were learned from, where it is known.
    public var source: String?

    /// A description.
    public init(
      base: String?, bodyHash: String, adapters: [String], maximumLength: Int,
      source: String? = nil
    ) {
      (self.base, self.bodyHash, self.adapters) = (base, bodyHash, adapters)
      (self.maximumLength, self.source) = (maximumLength, source)
    }
  }

  /// The version of the format.
  public static let format = "koine.model/v1"
  /// The file that says what belongs together.
  public static let descriptionFile = "model.json"

  /// The directory.
  public let directory: URL
  /// What `model.json` says.
  public let description: Description
  /// The body with its tokenizer.
  public let base: TextEncoder
  /// The adapters, the lowest first.
  public internal(set) var adapters: [Adapter]
  /// What it was tuned for.
  public let kind: TaskKind
  let head: Head

  /// Where the head is.
  enum Head {
    /// In ``TaskDirectory``.
    case own(TaskDirectory)
    /// In a directory of transformers, beside the body.
    case published(EncoderCheckpoint)
  }

  /// Opens a directory.
  ///
  /// - Parameters:
  ///   - directory: what a tuning wrote, or transformers.
  ///   - resolve: the directory of a base by its name or path.
  /// - Throws: `TransformerError` where the directory holds no such model, or adapters belong to another body.
  public init(_ directory: URL, base resolve: (String) throws -> URL) throws {
    self.directory = directory
    let file = directory.appendingPathComponent(Self.descriptionFile)
    guard FileManager.default.fileExists(atPath: file.path) else {
      let published = try PublishedHead(directory)
      (kind, head) = (published.kind, .published(published.checkpoint))
      base = try TextEncoder(directory: directory, prefix: .none, pooling: .first)
      adapters = []
      description = Description(
        base: nil, bodyHash: "", adapters: [], maximumLength: base.maximumLength)
      return
    }
    guard let data = try? Data(contentsOf: file),
      let description = try? JSONDecoder().decode(Description.self, from: data),
      description.format == Self.format
    else {
      throw TransformerError(
        .configuration, "not a description of the format \(Self.format)", at: file.path)
    }
    self.description = description
    let task = try TaskDirectory(directory)
    guard let kind = TaskKind(taskName: task.task) else {
      throw TransformerError(
        .configuration, "the head is for '\(task.task)', a task that Koine does not know",
        at: directory.path)
    }
    (self.kind, head) = (kind, .own(task))
    base = try TextEncoder(
      directory: description.base.map(resolve) ?? directory, prefix: .none,
      maximumLength: description.maximumLength)
    adapters = try description.adapters.map {
      try Adapter(directory.appendingPathComponent("adapters/\($0)"), name: $0)
    }
    let hash = try base.parameters.bodyHash()
    guard hash == description.bodyHash else {
      throw TransformerError(
        .checkpoint,
        "the model was tuned on the body \(description.bodyHash.prefix(12))…, '\(description.base ?? "")' is now "
          + "\(hash.prefix(12))…; put the body that it was tuned on back in its place",
        at: directory.path)
    }
    for adapter in adapters { try adapter.check(body: hash) }
  }

  /// Makes rows of tokens, of the length that was tuned with.
  public var rows: RowEncoder { RowEncoder(base, maximumLength: description.maximumLength) }

  /// The adapters above each other; nil for none.
  public var composition: AdapterComposition? {
    adapters.count > 1 ? .stack(adapters.map { .single($0) }) : adapters.first.map { .single($0) }
  }

  /// Answers the task's examples.
  ///
  /// - Parameters:
  ///   - type: the task, which must be the one that the head is for.
  ///   - encoder: the body to use in place of the model's own, as one with other adapters.
  public func predictor<Task: TuningTask>(
    as type: Task.Type = Task.self, on encoder: Encoder? = nil
  ) throws -> TaskPredictor<Task> {
    let body = try encoder ?? self.encoder()
    switch head {
    case .own(let directory):
      let task = try directory.task(as: Task.self)
      let head = try task.head(directory.parameters().scope, body.configuration)
      return TaskPredictor(task, body, head, rows)
    case .published(let checkpoint):
      guard ObjectIdentifier(kind.task) == ObjectIdentifier(Task.self) else {
        throw TransformerError(
          .configuration, "expected a head for \(Task.name), found one for \(kind.task.name)",
          at: directory.path)
      }
      let task = try PublishedHead.task(Task.self, checkpoint)
      let head = try task.head(checkpoint.store.scope, body.configuration)
      return TaskPredictor(task, body, head, rows)
    }
  }

  /// The body with its adapters, laid out for inference.
  public func encoder() throws -> Encoder {
    let packed = try base.encoder.packed()
    return try composition.map { try packed.adapted(by: $0) } ?? packed
  }
}
