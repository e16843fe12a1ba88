// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Torch
import Transformers

/// An encoder that has learned nothing yet, with a tokenizer: a base to pretrain from nothing.
///
///     let base = try NewBase(.init(hiddenSize: 128, layerCount: 2), tokenizer: place)
///     try base.write(to: folder, seed: 1)
///
/// What it is taught is up to ``LanguageTraining``.
public struct NewBase {
  /// The encoder's shape.
  public let configuration: EncoderConfiguration
  private let tokenizer: Tokenizer
  private let ends: (begin: Int32, end: Int32)

  /// A base of a shape for a tokenizer.
  ///
  /// - Parameters:
  ///   - shape: width and depth.
  ///   - family: the family; nil, the default, for BERT where the tokenizer is WordPiece, else XLM-R.
  ///   - place: the tokenizer: a folder or a file, as `Tokenizer` reads them; a unigram SentencePiece `.model` gets XLM-R's
  ///     special tokens and ids.
  ///   - maximumLength: the most tokens of a row, special ones included; 512 by default.
  /// - Throws: `SubwordError` where there is no tokenizer, `TransformerError` where it lacks a special token, or the sizes
  ///   cannot be.
  public init(
    _ shape: EncoderShape, family: EncoderConfiguration.Family? = nil, tokenizer place: URL,
    maximumLength: Int = 512
  ) throws {
    let stages = try TokenizerConfiguration(contentsOf: place).encoderStages()
    tokenizer = try Tokenizer(stages)
    var isWordPiece = false
    if case .wordPiece = stages.model { isWordPiece = true }
    let special = try Self.specialTokens(tokenizer, at: place.path)
    ends = (special.begin, special.end)
    configuration = try EncoderConfiguration(
      family ?? (isWordPiece ? .bert : .xlmRoberta), shape,
      vocabularySize: tokenizer.vocabularySize, paddingID: Int(special.padding),
      maximumLength: maximumLength)
    let (front, back) = RowEncoder(tokenizer, maximumLength: maximumLength).affixes
    guard front.first == ends.begin, back.last == ends.end else {
      throw TransformerError(
        .configuration,
        "the tokenizer does not put its first and last token around a text, which an encoder reads; give a tokenizer.json "
          + "with a template, a vocab.txt or a SentencePiece .model", at: place.path)
    }
    guard maximumLength > front.count + back.count else {
      throw TransformerError(
        .configuration,
        "rows of \(maximumLength) tokens have no room for text beside \(front.count + back.count) around it; allow more positions"
      )
    }
  }

  /// The special tokens that an encoder cannot do without.
  private static func specialTokens(
    _ tokenizer: Tokenizer, at path: String
  ) throws(TransformerError) -> (begin: Int32, end: Int32, padding: Int32) {
    func required(_ id: Int32?, _ name: String, _ spellings: String) throws(TransformerError)
      -> Int32
    {
      if let id { return id }
      throw TransformerError(
        .configuration,
        "the tokenizer has no \(name) token, \(spellings), which an encoder needs; give a unigram SentencePiece .model, which "
          + "gets XLM-R's special tokens, or a vocabulary of --model_type wordpiece", at: path)
    }
    let unknown =
      tokenizer.unknownID ?? tokenizer.id(of: "<unk>") ?? tokenizer.id(of: "[UNK]")
    _ = try required(unknown, "unknown", "'<unk>' or '[UNK]'")
    _ = try required(tokenizer.maskID, "mask", "'<mask>' or '[MASK]'")
    return (
      try required(tokenizer.beginID, "first", "'<s>' or '[CLS]'"),
      try required(tokenizer.endID, "last", "'</s>' or '[SEP]'"),
      try required(tokenizer.padID, "padding", "'<pad>' or '[PAD]'")
    )
  }

  /// Writes a Hugging Face directory: fresh weights with the head that guesses hidden pieces, configuration and tokenizer.
  ///
  /// Runs on the compute thread.
  ///
  /// - Parameters:
  ///   - directory: where it is to be; whole or not at all.
  ///   - seed: decides the weights.
  /// - Returns: how many numbers the encoder and its head have.
  @discardableResult
  public func write(to directory: URL, seed: UInt64) throws -> Int {
    try Engine.seed(seed)
    let store = ParameterStore(.fresh)
    _ = try MaskedLanguageModel(fresh: configuration, in: store)
    var fields = VocabularyFields.tokenizerFields(
      tokenizer, maximumLength: configuration.maximumLength)
    fields["model_input_names"] =
      ["input_ids"] + (configuration.typeCount > 1 ? ["token_type_ids"] : []) + ["attention_mask"]
    try AtomicDirectory.write(directory) { partial in
      func file(_ name: String) -> URL { partial.appendingPathComponent(name) }
      try ModelDirectory(partial).write(store.parameters.map { (name: $0.name, $0.tensor) })
      try configuration.encoded(
        architecture: configuration.family.architecture("ForMaskedLM"), beginID: ends.begin,
        endID: ends.end
      ).write(to: file("config.json"))
      try tokenizer.configuration.write(to: file("tokenizer.json"))
      try VocabularyFields.data(fields).write(to: file("tokenizer_config.json"))
    }
    return store.parameters.reduce(0) { $0 + $1.tensor.count }
  }
}
