// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// An encoder-decoder in a Hugging Face directory: `config.json`, weights, and `generation_config.json`.
public struct SequenceCheckpoint {
  /// The directory.
  public let directory: URL
  /// What `config.json` says.
  public let configuration: SequenceConfiguration
  /// How the model is meant to write, by `generation_config.json` or else by `config.json`.
  public let generation: GenerationConfiguration
  /// The tensors, read as layers ask for them.
  public let store: ParameterStore

  /// Opens a directory; nothing is read but headers.
  public init(_ directory: URL) throws {
    self.directory = directory
    configuration = try SequenceConfiguration(
      contentsOf: directory.appendingPathComponent("config.json"))
    generation = try GenerationConfiguration(directory: directory)
    store = ParameterStore(.files(try ModelDirectory(directory).weights()))
  }

  /// The model; a tensor within its stacks that it has no use for is an error.
  public func model() throws -> SequenceToSequenceModel {
    let model = try SequenceToSequenceModel(store.scope, configuration)
    _ = try unusedTensors()
    return model
  }

  /// Tensors that the model, once built, has no use for.
  public func unusedTensors() throws -> [String] {
    try CheckpointAudit(
      store, body: ["encoder", "decoder", "model.encoder", "model.decoder"],
      description: "\(configuration.encoder.layerCount) layers in the encoder and "
        + "\(configuration.decoder.layerCount) in the decoder"
    ).unused
  }

  /// Writes the model, as it is now, with its configuration and tokenizer, to another directory.
  public func save(to target: URL, shardSize: Int = 5_000_000_000) throws {
    try store.save(to: target, from: directory, shardSize: shardSize)
  }
}
