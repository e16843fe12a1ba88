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
  public init(_ directory: URL) throws {
    self.directory = directory
    configuration = try EncoderConfiguration(
      contentsOf: directory.appendingPathComponent("config.json"))
    store = ParameterStore(.files(try Self.files(directory)))
  }

  /// The encoder, whether the checkpoint is a bare one or that of a task model.
  public func encoder() throws -> Encoder {
    let prefixed = store.scope[configuration.family.prefix]
    let isTaskModel = prefixed["embeddings", "word_embeddings"].contains("weight")
    return try Encoder(isTaskModel ? prefixed : store.scope, configuration)
  }

  static func files(_ directory: URL) throws -> [SafetensorsFile] {
    let single = directory.appendingPathComponent("model.safetensors")
    let index = directory.appendingPathComponent("model.safetensors.index.json")
    let exists = FileManager.default.fileExists(atPath:)
    if exists(single.path) { return [try SafetensorsFile(single)] }
    guard exists(index.path) else {
      let hint =
        exists(directory.appendingPathComponent("pytorch_model.bin").path)
        ? "it has pytorch_model.bin, a pickle, which Koine does not execute; save it as safetensors"
        : "expected model.safetensors there"
      throw TransformerError(.checkpoint, "no weights: \(hint)", at: directory.path)
    }
    struct Index: Decodable { var weight_map: [String: String] }
    guard let data = try? Data(contentsOf: index),
      let map = try? JSONDecoder().decode(Index.self, from: data).weight_map
    else {
      throw TransformerError(.checkpoint, "not an index of shards", at: index.path)
    }
    return try Set(map.values).sorted().map { name in
      let shard = directory.appendingPathComponent(name)
      guard !name.contains("/"), exists(shard.path) else {
        throw TransformerError(
          .checkpoint, "names the shard '\(name)', which is not there", at: index.path)
      }
      return try SafetensorsFile(shard)
    }
  }
}
