// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// A Hugging Face directory of weights: `model.safetensors`, or `pytorch_model.bin` where there is none, in one file or in
/// shards with an index.
public struct ModelDirectory {
  /// The directory.
  public let url: URL

  /// A directory, which need not exist yet.
  public init(_ url: URL) { self.url = url }

  /// A file in the directory.
  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: file(name).path)
  }

  private struct Index: Codable {
    struct Metadata: Codable { var total_size: Int }
    var metadata: Metadata?
    var weight_map: [String: String]
  }

  static let singleName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"
  static let pickleName = "pytorch_model.bin"
  static let pickleIndexName = "pytorch_model.bin.index.json"

  /// The files of weights, opened: headers are read and checked, tensors are not.
  public func weights() throws -> [any TensorFile] {
    let names = [Self.singleName, Self.indexName, Self.pickleName, Self.pickleIndexName]
    guard let name = names.first(where: exists) else {
      throw TransformerError(
        .checkpoint, "no weights: expected one of \(names.joined(separator: ", ")) there",
        at: url.path)
    }
    return name.hasSuffix(".json") ? try shards(name) : [try openTensorFile(file(name))]
  }

  /// The files that an index names.
  private func shards(_ index: String) throws -> [any TensorFile] {
    let path = file(index).path
    guard let data = try? Data(contentsOf: file(index)),
      let map = try? JSONDecoder().decode(Index.self, from: data).weight_map, !map.isEmpty
    else {
      throw TransformerError(
        .checkpoint, "not an index of shards: expected JSON with a 'weight_map'", at: path)
    }
    let files = try Set(map.values).sorted().map { name in
      guard !name.contains("/"), exists(name) else {
        throw TransformerError(
          .checkpoint, "names the shard '\(name)', which is not there; fetch it again", at: path)
      }
      return try openTensorFile(file(name))
    }
    let shards = Dictionary(uniqueKeysWithValues: files.map { ($0.url.lastPathComponent, $0) })
    for name in map.keys.sorted() {
      guard let shard = map[name], shards[shard]?.shape(name) == nil else { continue }
      throw TransformerError(
        .checkpoint, "says that tensor '\(name)' is in the shard '\(shard)', where it is not",
        at: path)
    }
    return files
  }

  /// Writes weights as `model.safetensors`, or as shards with an index where they are larger than one shard.
  ///
  /// Files appear whole or not at all, the index after its shards; files of weights that stood there before and are
  /// not part of the new set are removed.
  ///
  /// - Parameters:
  ///   - tensors: names and tensors; each name once.
  ///   - shardSize: the most bytes of a shard; 5 GB by default, as Hugging Face has it.
  public func write(
    _ tensors: [(name: String, tensor: Tensor)], shardSize: Int = 5_000_000_000
  ) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw TransformerError(.file, "the directory cannot be made", at: url.path)
    }
    var shards: [[(name: String, tensor: Tensor)]] = [[]]
    var size = 0
    var total = 0
    for entry in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      let bytes = entry.tensor.count * (entry.tensor.dtype?.byteCount ?? 0)
      if size > 0, size + bytes > shardSize {
        shards.append([])
        size = 0
      }
      shards[shards.count - 1].append(entry)
      size += bytes
      total += bytes
    }
    let old = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    var written: Set<String> = []
    if shards.count == 1 {
      try SafetensorsFile.write(shards[0], to: file(Self.singleName))
      written = [Self.singleName]
    } else {
      var map: [String: String] = [:]
      for (index, shard) in shards.enumerated() {
        let name =
          "model-\(Self.padded(index + 1))-of-\(Self.padded(shards.count)).safetensors"
        try SafetensorsFile.write(shard, to: file(name))
        written.insert(name)
        for entry in shard { map[entry.name] = name }
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      let index = Index(metadata: .init(total_size: total), weight_map: map)
      try encoder.encode(index).write(to: file(Self.indexName), options: .atomic)
      written.insert(Self.indexName)
    }
    for name in old.sorted() where Self.isWeights(name) && !written.contains(name) {
      try FileManager.default.removeItem(at: file(name))
    }
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  private static func isWeights(_ name: String) -> Bool {
    name == singleName || name == indexName
      || name.hasPrefix("model-") && name.hasSuffix(".safetensors")
  }

  /// Copies what belongs to a model beside its weights: configurations and the tokenizer's files.
  ///
  /// Files that are not there are left out.
  public func copyCompanions(to target: URL) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    for name in names.sorted() where Self.isCompanion(name) {
      let data = try Data(contentsOf: file(name))
      try data.write(to: target.appendingPathComponent(name), options: .atomic)
    }
  }

  private static func isCompanion(_ name: String) -> Bool {
    [
      "config.json", "generation_config.json", "special_tokens_map.json", "added_tokens.json",
      "vocab.json", "vocab.txt", "merges.txt",
    ].contains(name)
      || name.hasPrefix("tokenizer") && name.hasSuffix(".json") || name.hasSuffix(".model")
      || name.hasSuffix(".spm")
  }
}
