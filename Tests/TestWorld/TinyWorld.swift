// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// A folder with a tiny encoder and tiny data in three "languages", gone when the test is.
///
/// Texts are words of a made-up vocabulary; the label is which of two word groups a text draws from, and each
/// language has a word of its own in every text.
public final class TinyWorld {
  /// Where everything lies.
  public let folder: URL

  /// A world with data, and without a model yet.
  public init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try makeData()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The encoder's folder, once it was made.
  public var model: URL { folder.appendingPathComponent("base") }

  /// A recipe over the world's data.
  public func recipe(_ methods: String = "[{name: frozen}]") -> String {
    """
    recipe: transfer/v1
    name: tiny
    base: {model: "\(model.path)", prefix: none}
    data:
      path: "\(folder.path)/data/{lang}/{split}.tsv"
      source: aa
    methods: \(methods)
    evaluation: {resamples: 100, points: 60}
    """
  }

  /// A recipe for a task, classification, over the world's data.
  public func taskRecipe(
    methods: String, alignments: String = "[]", evaluation: String = "resamples: 100"
  ) -> String {
    """
    recipe: transfer/v1
    task: classification
    name: tiny
    base: {model: "\(model.path)", prefix: none, maximumLength: 16}
    data: {path: "\(folder.path)/data/{lang}/{split}.tsv", source: aa}
    alignments: \(alignments)
    methods: \(methods)
    evaluation: {\(evaluation)}
    """
  }

  /// The texts of a language's table.
  public func texts(_ language: String, _ split: String) throws -> [String] {
    try String(
      contentsOf: folder.appendingPathComponent("data/\(language)/\(split).tsv"), encoding: .utf8
    ).split(separator: "\n").dropFirst().map { String($0.split(separator: "\t")[0]) }
  }

  private func makeData() throws {
    let groups = [["sun", "sea", "sand"], ["ice", "snow", "frost"]]
    for language in ["aa", "bb", "cc"] {
      for (split, count) in [("train", 24), ("dev", 8), ("test", 12)] {
        var text = "text\tlabel\n"
        for row in 0..<count {
          let words = groups[row % 2]
          text +=
            "\(language) \(words[row % 3]) \(words[(row / 2) % 3])\t\(row % 2 == 0 ? "warm" : "cold")\n"
        }
        try write(text, "data/\(language)/\(split).tsv")
      }
    }
  }

  /// Writes a file below the folder.
  public func write(_ text: String, _ path: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Writes the encoder; on the compute thread.
  ///
  /// Its tokenizer has 40 pieces, and one more, the mask, where it is asked for.
  @Compute
  public static func makeModel(
    in folder: URL, vocabularySize: Int? = nil, hasMask: Bool = false
  ) throws {
    let vocabularySize = vocabularySize ?? (hasMask ? 41 : 40)
    let model = folder.appendingPathComponent("base")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let configuration = """
      {"model_type": "bert", "vocab_size": \(vocabularySize), "hidden_size": 32, "num_hidden_layers": 2,
       "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 32,
       "type_vocab_size": 2, "pad_token_id": 1, "initializer_range": 0.5}
      """
    let file = model.appendingPathComponent("config.json")
    try Data(configuration.utf8).write(to: file)
    try Engine.seed(3)
    let store = ParameterStore(.fresh)
    _ = try Encoder(store.scope, EncoderConfiguration(contentsOf: file), withPooler: false)
    try SafetensorsFile.write(
      store.parameters.map { ($0.name, $0.tensor) },
      to: model.appendingPathComponent("model.safetensors"))
    let tokenizer = tokenizer(
      specials: ["<s>", "<pad>", "</s>", "<unk>"], behind: hasMask ? ["<mask>"] : [],
      begin: "<s>", end: "</s>")
    try Data(tokenizer.utf8).write(to: model.appendingPathComponent("tokenizer.json"))
  }

  /// A unigram tokenizer.json of the world's words and letters.
  ///
  /// - Parameters:
  ///   - specials: the first pieces, `<unk>` among them.
  ///   - behind: special tokens that follow the model's pieces.
  ///   - begin: what stands in front of a text; nil for nothing.
  ///   - end: what stands behind it.
  static func tokenizer(
    specials: [String], behind: [String], begin: String?, end: String
  ) -> String {
    let words = ["aa", "bb", "cc", "sun", "sea", "sand", "ice", "snow", "frost"]
    let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
    let vocabulary =
      specials.map { "[\"\($0)\", 0]" } + ["[\"▁\", -5]"] + words.map { "[\"▁\($0)\", -2]" }
      + letters.map { "[\"\($0)\", -6]" }
    let added =
      (specials.enumerated().map { ($0, $1) }
      + behind.enumerated().map { (vocabulary.count + $0, $1) }).map {
        "{\"id\": \($0), \"content\": \"\($1)\", \"special\": true, \"normalized\": false}"
      }
    func part(_ token: String) -> String {
      "{\"SpecialToken\": {\"id\": \"\(token)\", \"type_id\": 0}}"
    }
    let single =
      [begin.map(part), #"{"Sequence": {"id": "A", "type_id": 0}}"#, part(end)].compactMap { $0 }
    let around = [begin, end].compactMap { $0 }.map {
      "\"\($0)\": {\"ids\": [\(specials.firstIndex(of: $0) ?? 0)]}"
    }
    return """
      {"added_tokens": [\(added.joined(separator: ","))],
       "normalizer": null,
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
       "post_processor": {"type": "TemplateProcessing",
         "single": [\(single.joined(separator: ","))],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {\(around.joined(separator: ","))}},
       "decoder": {"type": "Metaspace"},
       "model": {"type": "Unigram", "unk_id": \(specials.firstIndex(of: "<unk>") ?? 0), "vocab": [\(vocabulary.joined(separator: ","))]}}
      """
  }
}
