// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// An encoder in a Hugging Face directory: `config.json` and `model.safetensors`, in one file or in shards.
public struct EncoderCheckpoint {
  /// The directory.
  public let directory: URL
  /// What `config.json` says.
  public let configuration: EncoderConfiguration
  /// The tensors, read as layers ask for them.
  public let store: ParameterStore

  /// Opens a directory; nothing is read but headers.
  ///
  /// `drawing` names parts that may be missing and then start out fresh, as a new head's `classifier`.
  public init(_ directory: URL, drawing: [String] = []) throws {
    self.directory = directory
    configuration = try EncoderConfiguration(
      contentsOf: directory.appendingPathComponent("config.json"))
    store = ParameterStore(
      .files(try ModelDirectory(directory).weights()), drawing: drawing)
  }

  /// The encoder, whether the checkpoint is a bare one or that of a task model.
  public func encoder() throws -> Encoder {
    let prefixed = store.scope[configuration.family.prefix]
    let isTaskModel = store.filesContain(
      "\(configuration.family.prefix).embeddings.word_embeddings.weight")
    let encoder = try Encoder(isTaskModel ? prefixed : store.scope, configuration)
    _ = try unusedTensors()
    return encoder
  }

  /// Tensors that the model built so far has no use for; one that lies within the encoder is an error.
  public func unusedTensors() throws -> [String] {
    let parts = ["embeddings", "encoder"]
    let body = parts + parts.map { "\(configuration.family.prefix).\($0)" }
    return try CheckpointAudit(
      store, body: body, description: "\(configuration.layerCount) layers"
    ).unused
  }

  /// Writes the model, as it is now, with its configuration and tokenizer, to another directory.
  ///
  /// - Parameters:
  ///   - target: the directory; it is made where it does not exist.
  ///   - architecture: transformers' class for the model where a head was added; nil leaves the base's.
  ///   - labels: the names of the head's classes.
  ///   - shardSize: the most bytes of a file of weights.
  public func save(
    to target: URL, architecture: String? = nil, labels: [String] = [],
    shardSize: Int = 5_000_000_000
  ) throws {
    try store.save(to: target, from: directory, shardSize: shardSize)
    guard let architecture else { return }
    let file = try ConfigurationFile(contentsOf: directory.appendingPathComponent("config.json"))
    try file.encoded(architecture: architecture, labels: labels).write(
      to: target.appendingPathComponent("config.json"), options: .atomic)
  }
}

extension ParameterStore {
  /// Writes parameters and buffers, and what stands beside them in the directory that they came from.
  ///
  /// - Parameters:
  ///   - target: the directory; it is made where it does not exist.
  ///   - directory: where configurations and the tokenizer's files are copied from.
  ///   - shardSize: the most bytes of a file of weights.
  public func save(
    to target: URL, from directory: URL, shardSize: Int = 5_000_000_000
  ) throws {
    try ModelDirectory(target).write(
      (parameters + buffers).map { ($0.name, try $0.tensor.detached()) }, shardSize: shardSize)
    if target.standardizedFileURL != directory.standardizedFileURL {
      try ModelDirectory(directory).copyCompanions(to: target)
    }
  }
}
