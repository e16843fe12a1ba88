// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Torch
import Transformers

/// What E5 models want before a text, by what the text is for.
public enum TextPrefix: String, Sendable, Codable, CaseIterable {
  /// "query: ", for searching, classifying and comparing.
  case query
  /// "passage: ", for documents that are searched.
  case passage
  /// Nothing, for models that were trained without.
  case none

  /// The prefix itself.
  public var text: String { self == .none ? "" : "\(rawValue): " }
}

/// A base encoder with its tokenizer: text in, one vector per text out.
///
/// Not `Sendable`: it holds tensors and lives on the compute thread. Its ``tokenizer`` may be used anywhere.
public final class TextEncoder: SentenceEncoder {
  /// The network.
  public let encoder: Encoder
  /// Its parameters by their names in the checkpoint.
  public let parameters: ParameterStore
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// What precedes each text.
  public let prefix: TextPrefix
  /// How tokens' states become one vector.
  public let pooling: Pooling
  /// The most tokens of a text; what is longer is cut.
  public let maximumLength: Int
  /// The directory that it was read from.
  public let directory: URL
  /// Whether it computes with weights of 8 bits, see ``Encoder/quantized()``.
  public let isQuantized: Bool
  private var packed: (version: Int, encoder: Encoder)?
  private var adapters: AdapterComposition?

  /// Opens a model directory (`config.json`, `model.safetensors`, tokenizer files).
  ///
  /// - Parameters:
  ///   - isQuantized: whether to compute with weights of 8 bits; false by default.
  public init(
    directory: URL, prefix: TextPrefix = .query, pooling: Pooling = .mean,
    maximumLength: Int? = nil, isQuantized: Bool = false
  ) throws {
    self.directory = directory
    self.isQuantized = isQuantized
    self.prefix = prefix
    self.pooling = pooling
    let checkpoint = try EncoderCheckpoint(directory)
    parameters = checkpoint.store
    encoder = try checkpoint.encoder()
    tokenizer = try Tokenizer(contentsOf: directory)
    let limit = encoder.configuration.maximumLength
    self.maximumLength = min(maximumLength ?? limit, limit)
    guard tokenizer.vocabularySize <= encoder.configuration.vocabularySize else {
      throw TransformerError(
        .checkpoint,
        "the tokenizer has \(tokenizer.vocabularySize) pieces, the embedding matrix only "
          + "\(encoder.configuration.vocabularySize) rows; they do not belong together",
        at: directory.path)
    }
  }

  /// Whether a file of this name in a model directory has a part in what an encoder says.
  public static func reads(_ name: String) -> Bool {
    name == "config.json" || name.hasPrefix("model") && name.contains(".safetensors")
      || name.hasPrefix("pytorch_model") || name == "vocab.txt"
      || name.hasPrefix("tokenizer") && name.hasSuffix(".json") || name.hasSuffix(".model")
  }

  /// The width of the vectors.
  public var width: Int { encoder.configuration.hiddenSize }

  /// How many ids the embedding matrix has rows for.
  public var vocabularySize: Int { encoder.configuration.vocabularySize }

  /// The ids of a text with special tokens, uncut, without the prefix.
  public var tokenize: @Sendable (String) -> [Int32] {
    { [tokenizer] text in tokenizer.ids(of: [text], maximumLength: nil)[0] }
  }

  /// Token ids of texts, prefixed, with special tokens, cut to ``maximumLength`` or to less.
  public func rows(_ texts: [String], maximumLength limit: Int? = nil) -> [[Int32]] {
    tokenizer.ids(
      of: texts.map { prefix.text + $0 }, maximumLength: min(limit ?? maximumLength, maximumLength))
  }

  /// Lays the weights out for inference.
  ///
  /// From then on, as long as no weight is changed, ``embed(_:normalized:progress:)``
  /// only reads, so that several lanes may call it at once.
  public func prepare() throws {
    _ = try packedEncoder()
  }

  /// Encodes with adapters from now on, as with those of a language; nil for none.
  public func adapt(by adapters: AdapterComposition?) {
    self.adapters = adapters
    packed = nil
  }

  /// The encoder laid out for inference, made anew when a weight was changed since.
  private func packedEncoder() throws -> Encoder {
    let version = parameters.parameters.reduce(0) { $0 &+ $1.tensor.version }
    if let packed, packed.version == version { return packed.encoder }
    let plain = isQuantized ? try encoder.quantized() : try encoder.packed()
    let encoder = try adapters.map { try plain.adapted(by: $0) } ?? plain
    packed = (version, encoder)
    return encoder
  }

  /// One pooled vector per row, `[rows, width]`; of length one where `normalized`.
  ///
  /// `progress` is told of the tokens of each batch.
  public func embed(
    _ rows: [[Int32]], normalized: Bool = true, progress: (Int) -> Void = { _ in }
  ) throws -> Tensor {
    try GradientMode.disabled {
      let parts = try inLanes(rows, progress: progress) { encoder, batch, _ in
        let pooled = try pooling(encoder(batch), batch)
        return normalized ? try pooled.normalized() : pooled
      }
      let order = parts.flatMap(\.indices)
      guard !parts.isEmpty else { return try .zeros([0, width]) }
      var places = [Int64](repeating: 0, count: order.count)
      for (place, index) in order.enumerated() { places[index] = Int64(place) }
      let vectors = try Tensor.concatenated(parts.map(\.value))  // [rows, width], batch by batch
      return try vectors.gathered(0, Tensor(places))
    }
  }

  /// One pooled vector per row; the network needs no languages.
  public func embed(
    _ rows: [[Int32]], languages: [String?], normalized: Bool, progress: (Int) -> Void
  ) throws -> Tensor {
    try embed(rows, normalized: normalized, progress: progress)
  }

  /// Each row's states after the first `depth` layers, `[length, hidden]`, without gradients.
  public func states(_ rows: [[Int32]], through depth: Int) throws -> [Tensor] {
    try GradientMode.disabled {
      let parts = try inLanes(rows) { encoder, batch, indices in
        let states = try encoder.states(batch, through: depth)  // [tokens, hidden]
        return try indices.indices.map { place in
          try states.narrowed(
            0, start: batch.firstTokens[place], length: rows[indices[place]].count)
        }
      }
      var result = [Tensor?](repeating: nil, count: rows.count)
      for part in parts {
        for (index, states) in zip(part.indices, part.value) { result[index] = states }
      }
      return result.compactMap(\.self)
    }
  }

  /// The mean over all tokens of their states after the first `depth` layers, `[hidden]`; nil without rows.
  public func meanState(_ rows: [[Int32]], through depth: Int) throws -> Tensor? {
    try GradientMode.disabled {
      let sums = try inLanes(rows) { encoder, batch, _ in
        try encoder.states(batch, through: depth).sum([0])  // [hidden]
      }.map(\.value)
      guard !sums.isEmpty else { return nil }
      let tokens = rows.reduce(0) { $0 + $1.count }
      return try Tensor.stacked(sums).sum([0]).multiplied(by: 1 / Double(tokens))
    }
  }

  /// What came of a batch, and the rows that were in it.
  private typealias Part<Value> = (value: Value, indices: [Int])

  /// Runs `body` on batches of like length, several at a time.
  private func inLanes<Value>(
    _ rows: [[Int32]], progress: (Int) -> Void = { _ in },
    _ body: (Encoder, PackedBatch, [Int]) throws -> Value
  ) throws -> [Part<Value>] {
    let encoder = try packedEncoder()
    let batches = TokenBatches(
      lengths: rows.map(\.count), tokenLimit: TokenBatches.inferenceTokenLimit
    ).batches
    return try Lanes.map(
      batches.count,
      completed: { progress(batches[$0].reduce(0) { $0 + rows[$1].count }) }
    ) { index in
      let indices = batches[index]
      let batch = try PackedBatch(indices.map { rows[$0] }, for: encoder.configuration)
      return (try body(encoder, batch, indices), indices)
    }
  }
}
