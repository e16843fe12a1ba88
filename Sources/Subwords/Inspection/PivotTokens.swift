// SPDX-License-Identifier: Apache-2.0

/// How many tokens each sentence of the pivot language takes, by the sentence's key.
///
/// Memory grows with the sentences of the pivot, some 32 bytes each, and with nothing else. Of sentences with
/// one key the first counts.
public struct PivotTokens: Sendable {
  /// The language that others are compared with.
  public let language: String
  private var tokens: [UInt64: Int32] = [:]

  /// No sentences yet.
  public init(language: String) { self.language = language }

  /// The number of sentences.
  public var count: Int { tokens.count }

  /// Counts sentences with a tokenizer; any order gives the same.
  public static func counts(of sentences: [InspectionSentence], _ tokenizer: Tokenizer) -> [Int32] {
    sentences.map { sentence in
      Int32(
        clamping: tokenizer.ids(
          of: sentence.text, addsSpecialTokens: false, recognizesSpecialTokens: false
        ).count)
    }
  }

  /// Adds sentences with their counts.
  public mutating func add(_ sentences: [InspectionSentence], counts: [Int32]) {
    for (sentence, count) in zip(sentences, counts) where tokens[sentence.key] == nil {
      tokens[sentence.key] = count
    }
  }

  subscript(key: UInt64) -> Int? { tokens[key].map(Int.init) }
}
