// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Torch
import Transformers

/// A base of which only the pieces that some languages use are left: a smaller table of words, the same layers.
///
/// Text that was counted is cut as before, and what the encoder says of it is the same to the last digits. Other text of those languages is
/// cut otherwise only where it needs a piece that is gone.
public struct TrimmedBase {
  /// What was left.
  public struct Summary: Sendable, Equatable, Codable {
    /// Pieces before.
    public var before: Int
    /// Pieces that are left.
    public var after: Int
    /// Bytes of the weights before.
    public var bytesBefore: Int
    /// Bytes of the weights now.
    public var bytesAfter: Int
  }

  /// The file that says which old id each new one was.
  public static let idsFile = "ids.tsv"

  private let base: TextEncoder
  private let configuration: TokenizerConfiguration
  /// The new vocabulary.
  private let vocabulary: TokenizerConfiguration
  /// The old ids that are left, in their order.
  private let kept: [Int]

  /// Trims a base to what a text needs.
  ///
  /// - Parameters:
  ///   - base: an encoder whose vocabulary is unigram or WordPiece.
  ///   - trimmer: which pieces are left.
  ///   - text: text of the languages to keep, cut by ``text(for:)``.
  /// - Throws: `SubwordError` where the vocabulary is of another kind.
  public init(_ base: TextEncoder, by trimmer: VocabularyTrimmer, for text: TrainingText) throws {
    self.base = base
    configuration = try base.tokenizer.configuration.listed()
    let result = try trimmer.trim(configuration, for: text)
    vocabulary = try trimmer.compacted(result)
    kept = result.kept
  }

  /// Text with nothing in it yet but what may precede a text, cut as a base's vocabulary has it.
  public static func text(for base: TextEncoder) throws -> TrainingText {
    let configuration = try base.tokenizer.configuration.listed()
    try VocabularyTrimmer.check(configuration)
    var specification = TrainerSpecification()
    specification.maximumSentenceLength = 1 << 20
    let text = try TrainingText(tokenizer: Tokenizer(configuration), specification)
    let prefixes = Array(TextPrefix.allCases.map { $0.text + "\n" }.joined().utf8)
    try prefixes.withUnsafeBufferPointer {
      try text.add($0, language: text.language(named: ""))
    }
    return text
  }

  /// Writes the directory: weights, configuration, `tokenizer.json`, and ``idsFile`` with the old id of each new one.
  ///
  /// - Returns: what is left.
  public func write(to directory: URL) throws -> Summary {
    let words = base.encoder.wordEmbeddings
    let ids = try Tensor(kept.map(Int64.init))
    let front = "\(base.encoder.configuration.family.prefix)."
    var (before, after) = (0, 0)
    let tensors = try base.parameters.parameters.map { parameter in
      let isTable = parameter.tensor === words
      let tensor = try parameter.tensor.detached()
      let left = isTable ? try tensor.gathered(0, ids) : tensor
      let width = tensor.dtype?.byteCount ?? 4
      before += tensor.count * width
      after += left.count * width
      let name = parameter.name
      return (
        name: name.hasPrefix(front) ? String(name.dropFirst(front.count)) : name, tensor: left
      )
    }
    let summary = Summary(
      before: words.shape[0], after: kept.count, bytesBefore: before, bytesAfter: after)
    let places = Dictionary(
      kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let configuration = try VocabularyFields(base).encoded(count: kept.count) { places[$0] }
    try AtomicDirectory.write(directory) { partial in
      try ModelDirectory(partial).write(tensors)
      try configuration.write(to: partial.appendingPathComponent("config.json"))
      try vocabulary.write(to: partial.appendingPathComponent("tokenizer.json"))
      // What names pieces, and not ids, goes along.
      for name in ["tokenizer_config.json", "special_tokens_map.json"] {
        let file = base.directory.appendingPathComponent(name)
        guard let data = try? Data(contentsOf: file) else { continue }
        try VocabularyFields.withoutIDs(data).write(to: partial.appendingPathComponent(name))
      }
      let table = kept.enumerated().map { "\($0)\t\($1)\n" }.joined()
      try Data(("new\told\n" + table).utf8)
        .write(to: partial.appendingPathComponent(Self.idsFile))
    }
    return summary
  }
}
