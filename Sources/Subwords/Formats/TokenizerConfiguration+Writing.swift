// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TokenizerConfiguration {
  /// The configuration of an XLM-R tokenizer, laid out as the published ones are.
  ///
  /// - Parameters:
  ///   - pieces: all pieces in XLM-R's order: `<s>`, `<pad>`, `</s>`, `<unk>`, ..., `<mask>` last.
  ///   - scores: as many natural-log probabilities.
  ///   - characterMap: the normalisation rules, usually
  ///     ``CharacterMap/nmtNFKC(singles:)``.
  /// - Throws: ``SubwordError/Code/malformed`` if the special pieces are elsewhere.
  public static func xlmRoberta(
    pieces: [String], scores: [Float], characterMap: CharacterMap
  ) throws(SubwordError) -> TokenizerConfiguration {
    let special = ["<s>", "<pad>", "</s>", "<unk>"]
    guard pieces.count > 5, Array(pieces.prefix(4)) == special, pieces.last == "<mask>" else {
      throw SubwordError(
        .malformed,
        "expected the pieces \(special.joined(separator: " ")) first and <mask> last, found "
          + (pieces.prefix(4) + pieces.suffix(1)).joined(separator: " "))
    }
    return TokenizerConfiguration(
      addedTokens: AddedToken.xlmRoberta(maskID: Int32(pieces.count - 1)),
      normalizer: .precompiled(characterMap),
      preTokenizer: .sequence([.whitespaceSplit, .metaspace(Metaspace(usesOldSpelling: true))]),
      model: .unigram(
        try Unigram(pieces: pieces, scores: scores.map(Double.init), unknownID: 3)),
      postProcessor: .xlmRoberta,
      decoder: .metaspace(Metaspace(usesOldSpelling: true)))
  }

  /// The configuration as tokenizer.json; a SentencePiece model's stages as ``asTokenizerJSONStages()`` has them.
  ///
  /// Throws ``SubwordError/Code/unsupported`` if a stage cannot be expressed.
  public var json: JSONValue {
    get throws(SubwordError) { try asTokenizerJSONStages().ownJSON }
  }

  private var ownJSON: JSONValue {
    get throws(SubwordError) {
      guard idMap == nil, model.kinds.isEmpty, sentencePieceDecoding == nil else {
        throw SubwordError(
          .unsupported,
          "expected stages that tokenizer.json can express, found those of a SentencePiece model")
      }
      for (token, read) in zip(addedTokens, Self.numbered(addedTokens, model))
      where token.id != read.id {
        throw SubwordError(
          .unsupported,
          "expected added tokens that are pieces or follow the model one by one, since readers of tokenizer.json number them "
            + "so, found “\(token.content)” with id \(token.id) instead of \(read.id)")
      }
      return .object([
        .init("version", .string("1.0")),
        .init("truncation", truncation?.json ?? .null),
        .init("padding", padding?.json ?? .null),
        .init("added_tokens", .array(addedTokens.map(\.json))),
        .init("normalizer", try normalizer?.json ?? .null),
        .init("pre_tokenizer", preTokenizer?.json ?? .null),
        .init("post_processor", postProcessorJSON),
        .init("decoder", decoder?.json ?? .null),
        .init("model", model.json),
      ])
    }
  }

  private var postProcessorJSON: JSONValue {
    guard postProcessor != .plain else { return .null }
    return postProcessor.json { id in
      addedTokens.first { $0.id == id }?.content ?? modelIndex(of: id).map { model.pieces[$0] }
    }
  }

  /// Writes tokenizer.json to `url`, beside it first and then in its place.
  public func write(to url: URL) throws(SubwordError) {
    try OutputFile.write(try json.serialized, to: url)
  }
}

extension CharacterMap {
  /// The rules of SentencePiece's `nmt_nfkc`.
  ///
  /// - Parameter singles: the rules for single scalars, which fix the version of Unicode; nil
  ///   takes them from the platform.
  public static func nmtNFKC(singles: [Rule]? = nil) throws(SubwordError) -> CharacterMap {
    try CharacterMap(spellings: singles ?? NMTNormalization.singles)
  }
}

extension Truncation {
  var json: JSONValue {
    let name =
      switch strategy {
      case .longestFirst: "LongestFirst"
      case .onlyFirst: "OnlyFirst"
      case .onlySecond: "OnlySecond"
      }
    return .object([
      .init("direction", .string(direction.name)),
      .init("max_length", .number(Double(maximumLength))),
      .init("strategy", .string(name)), .init("stride", .number(Double(stride))),
    ])
  }
}

extension Truncation.Direction {
  fileprivate var name: String { self == .right ? "Right" : "Left" }
}

extension Padding {
  var json: JSONValue {
    let strategy: JSONValue =
      switch target {
      case .longest: .string("BatchLongest")
      case .fixed(let length): .object([.init("Fixed", .number(Double(length)))])
      }
    return .object([
      .init("strategy", strategy), .init("direction", .string(direction.name)),
      .init("pad_to_multiple_of", multiple > 1 ? .number(Double(multiple)) : .null),
      .init("pad_id", .number(Double(id))), .init("pad_type_id", .number(Double(typeID))),
      .init("pad_token", .string(piece)),
    ])
  }
}
