// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Torch
import Transformers

/// A small encoder with a tokenizer of a few words and of letters, to learn toy problems with.
final class TinyBody {
  static let warm = ["sun", "sea", "sand"]
  static let cold = ["ice", "snow", "frost"]

  let encoder: Encoder
  let parameters: ParameterStore
  let rows: RowEncoder
  private let configuration: String

  /// An encoder of rows of at most so many tokens; on the compute thread.
  init(maximumLength: Int = 32, typeCount: Int = 2, seed: Int = 3) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-tiny-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pieces = Self.pieces
    configuration = """
      {"model_type": "bert", "vocab_size": \(pieces.count), "hidden_size": 32,
       "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
       "max_position_embeddings": \(maximumLength), "type_vocab_size": \(typeCount),
       "pad_token_id": 1}
      """
    let file = folder.appendingPathComponent("config.json")
    try Data(configuration.utf8).write(to: file)
    try Engine.seed(UInt64(seed))
    parameters = ParameterStore(.fresh)
    encoder = try Encoder(
      parameters.scope, EncoderConfiguration(contentsOf: file), withPooler: false)
    let tokenizerFile = folder.appendingPathComponent("tokenizer.json")
    try Data(Self.tokenizer(pieces).utf8).write(to: tokenizerFile)
    rows = RowEncoder(
      try Tokenizer(contentsOf: tokenizerFile), maximumLength: maximumLength, typeCount: typeCount)
  }

  /// Writes it as a model directory.
  func write(to folder: URL) throws {
    try Data(configuration.utf8).write(to: folder.appendingPathComponent("config.json"))
    try Data(Self.tokenizer(Self.pieces).utf8)
      .write(to: folder.appendingPathComponent("tokenizer.json"))
    try SafetensorsFile.write(
      parameters.parameters.map { ($0.name, $0.tensor) },
      to: folder.appendingPathComponent("model.safetensors"))
  }

  private static var pieces: [String] {
    let specials = ["<s>", "<pad>", "</s>", "<unk>"]
    let words = (warm + cold + ["aa", "bb", "cc", "what"]).map { "▁\($0)" }
    let letters = "abcdefghijklmnopqrstuvwxyz.?".unicodeScalars.map(String.init)
    return specials + ["▁"] + words + letters
  }

  private static func tokenizer(_ pieces: [String]) -> String {
    let scored = pieces.enumerated().map { place, piece in
      "[\"\(piece)\", \(place < 4 ? 0 : piece.utf8.count > 4 ? -2 : -6)]"
    }
    return """
      {"added_tokens": [
        {"id": 0, "content": "<s>", "special": true, "normalized": false},
        {"id": 1, "content": "<pad>", "special": true, "normalized": false},
        {"id": 2, "content": "</s>", "special": true, "normalized": false},
        {"id": 3, "content": "<unk>", "special": true, "normalized": false}],
       "normalizer": null,
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                  {"SpecialToken": {"id": "</s>", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                            "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
       "decoder": {"type": "Metaspace"},
       "model": {"type": "Unigram", "unk_id": 3, "vocab": [\(scored.joined(separator: ","))]}}
      """
  }

  /// A predictor with a fresh head.
  func predictor<Task: TuningTask>(_ task: Task) throws -> TaskPredictor<Task> {
    let head = try task.head(ParameterStore(.fresh).scope, encoder.configuration)
    return TaskPredictor(task, encoder, head, rows)
  }

  /// A predictor of another configuration with the same body and head.
  func predictor<Task: TuningTask>(
    _ task: Task, like other: TaskPredictor<Task>
  ) -> TaskPredictor<Task> {
    TaskPredictor(task, encoder, other.head, rows)
  }

  /// A predictor that has learned examples, by the plainest of loops.
  func learn<Task: TuningTask>(
    _ task: Task, _ examples: [LabelledExample<Task.Input, Task.Gold>], steps: Int = 80,
    rate: Double = 3e-3, batch size: Int = 12, heads: ParameterStore = ParameterStore(.fresh)
  ) throws -> TaskPredictor<Task> {
    let head = try task.head(heads.scope, encoder.configuration)
    let leaves = (parameters.parameters + heads.parameters).map(\.tensor)
    for leaf in leaves { try leaf.setRequiresGradient() }
    let optimizer = AdamW([AdamW.Group(leaves, rate: rate, weightDecay: 0)])
    let features = try task.features(examples, rows)
    // Operations of this size are not worth waiting for a second thread.
    try Engine.withThreads(1) {
      for step in 0..<steps {
        let chosen = (0..<size).map { features[(step * size + $0 * 7) % features.count] }
        let batch = try TaskBatch(chosen, for: encoder.configuration)
        let loss = try task.loss(encoder(batch.packed), batch, head, LossSettings()).mean()
        try loss.backward()
        try optimizer.clipGradients(1)
        try optimizer.step()
        try optimizer.clearGradients()
      }
    }
    for leaf in leaves { try leaf.setRequiresGradient(false) }
    return TaskPredictor(task, encoder, head, rows)
  }
}

/// Numbers that look random and are the same in every run.
struct ToyRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  mutating func pick(_ words: [String]) -> String { words[next(words.count)] }
}
