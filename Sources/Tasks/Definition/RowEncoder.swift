// SPDX-License-Identifier: Apache-2.0

import Subwords

/// The tokens of a row, special ones included.
public struct TokenRow: Sendable, Hashable {
  /// The ids.
  public var ids: [Int32]
  /// The types, one per id.
  public var types: [Int32]

  /// A row of ids and as many types; all 0 where none are given.
  public init(_ ids: [Int32], types: [Int32]? = nil) {
    self.ids = ids
    self.types = types ?? [Int32](repeating: 0, count: ids.count)
  }
}

/// Makes rows of tokens for a model: texts, pairs of texts, and sentences that are cut into words.
///
/// Special tokens that a text spells out are text.
public struct RowEncoder: Sendable {
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The most tokens of a row, special ones included.
  public let maximumLength: Int
  /// How many token types the model has; with one all types are 0.
  public let typeCount: Int

  /// An encoder of rows for a model with these limits.
  public init(_ tokenizer: Tokenizer, maximumLength: Int, typeCount: Int = 1) {
    self.tokenizer = tokenizer
    self.maximumLength = maximumLength
    self.typeCount = typeCount
  }

  /// An encoder of rows for a base model, of at most so many tokens; nil for as many as it takes.
  public init(_ encoder: TextEncoder, maximumLength: Int? = nil) {
    self.init(
      encoder.tokenizer,
      maximumLength: min(maximumLength ?? encoder.maximumLength, encoder.maximumLength),
      typeCount: encoder.encoder.configuration.typeCount)
  }

  /// The same with rows of at most so many tokens.
  public func limited(to length: Int) -> RowEncoder {
    RowEncoder(tokenizer, maximumLength: min(length, maximumLength), typeCount: typeCount)
  }

  /// The row of a text, cut at its end.
  public func row(_ text: String) -> TokenRow {
    TokenRow(
      tokenizer.ids(of: text, maximumLength: maximumLength, recognizesSpecialTokens: false))
  }

  /// The row of a pair of texts; the longer one is cut first.
  public func row(_ first: String, _ second: String) throws -> TokenRow {
    let encoding = try tokenizer.encode(
      first, pair: second, recognizesSpecialTokens: false,
      truncation: Truncation(maximumLength: maximumLength))
    return row(encoding)
  }

  /// The row of a pair that was encoded.
  func row(_ encoding: Encoding) -> TokenRow {
    TokenRow(encoding.ids, types: types(of: encoding))
  }

  /// Token types by the template for pairs, in windows too, which have none of their own.
  private func types(of encoding: Encoding) -> [Int32] {
    guard typeCount > 1 else { return [Int32](repeating: 0, count: encoding.count) }
    var sequenceTypes: [Int: Int32] = [:]
    for case .sequence(let index, let type) in tokenizer.configuration.postProcessor.pair {
      sequenceTypes[index] = type
    }
    return encoding.tokens.map { token in
      let type = token.sequenceID.flatMap { sequenceTypes[$0] } ?? token.typeID
      return min(max(type, 0), Int32(typeCount - 1))
    }
  }

  /// The special tokens in front of and behind a single text.
  public var affixes: (front: [Int32], back: [Int32]) {
    var (front, back): ([Int32], [Int32]) = ([], [])
    var seen = false
    for part in tokenizer.configuration.postProcessor.single {
      switch part {
      case .sequence: seen = true
      case .special(let ids, _, _): if seen { back += ids } else { front += ids }
      }
    }
    return (front, back)
  }

  /// The pieces of each word by itself; a word that has none, as one of control characters, gets the unknown piece.
  ///
  /// Byte-level pieces of all words but the first begin with the space that stands before them in a text.
  public func pieces(of words: [String]) -> [[Int32]] {
    let wantsSpace = tokenizer.configuration.preTokenizer.map(Self.wantsSpace) ?? false
    let texts = words.enumerated().map { wantsSpace && $0 > 0 ? " " + $1 : $1 }
    let stand = tokenizer.unknownID ?? tokenizer.maskID ?? tokenizer.endID ?? 0
    return tokenizer.ids(of: texts, addsSpecialTokens: false, recognizesSpecialTokens: false)
      .map { $0.isEmpty ? [stand] : $0 }
  }

  private static func wantsSpace(_ step: PreTokenizer) -> Bool {
    switch step {
    case .byteLevel(let settings): !settings.addsPrefixSpace
    case .sequence(let parts): parts.contains(where: wantsSpace)
    default: false
    }
  }
}
