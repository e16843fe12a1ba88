// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

/// The ways to ids that pass over stages or remember words give what all stages give.
@Suite("Fast ids")
struct FastIDsTests {
  private static let words = [
    "a", "ab", "aab", "the", "theab", "é", "中", "ab中", "bbbbbbbb", "hat", "tea", "ba", "Ἀθῆναι",
    "विश्व", "كتاب", "слово", "ไทยคำ", "ab-ab", "①ﬁ",
  ]

  private static func lines(_ count: Int, seed: UInt64) -> [String] {
    var mutator = TextMutator(words: words, seed: seed)
    return (0..<count).map { _ in mutator.line() }
  }

  @Test("models of both kinds agree on damaged text", arguments: [true, false])
  func fixtures(recognizesSpecialTokens: Bool) throws {
    let configurations = [
      try Fixtures.xlmRoberta(),
      try TokenizerConfiguration(sentencePiece: SentencePieceModel(Fixtures.sentencePiece())),
      try TokenizerConfiguration(
        sentencePiece: SentencePieceModel(Fixtures.sentencePiece(byteFallback: false))),
    ]
    for configuration in configurations {
      let comparison = EncodingComparison(
        tokenizer: try Tokenizer(configuration), recognizesSpecialTokens: recognizesSpecialTokens)
      #expect(try comparison.differences(Self.lines(600, seed: 1)) == [])
    }
  }

  @Test("SentencePiece models of odd scores, symbols, rules and settings agree")
  func madeModels() throws {
    var fast = 0
    for seed in UInt64(0)..<24 {
      var made = MadeVocabulary(words: Self.words, size: 60, seed: seed)
      let tokenizer = try Tokenizer(TokenizerConfiguration(sentencePiece: made.sentencePiece()))
      fast += tokenizer.sentencePiece == nil ? 0 : 1
      let found = try EncodingComparison(tokenizer: tokenizer)
        .differences(Self.lines(60, seed: seed))
      #expect(found == [], "seed \(seed)")
    }
    #expect(fast > 12)
  }

  @Test("vocabularies of tokenizer.json of odd scores, rules and settings agree")
  func madeConfigurations() throws {
    var fast = 0
    for seed in UInt64(0)..<24 {
      var made = MadeVocabulary(words: Self.words, size: 60, seed: seed)
      let tokenizer = try Tokenizer(made.metaspace())
      fast += tokenizer.metaspace == nil ? 0 : 1
      let found = try EncodingComparison(
        tokenizer: tokenizer, recognizesSpecialTokens: seed % 2 == 0
      ).differences(Self.lines(60, seed: seed))
      #expect(found == [], "seed \(seed)")
    }
    #expect(fast > 6)
  }

  @Test("where only the beginning of a text gets a mark, what was removed before a word counts")
  func removedBeginning() throws {
    var configuration = try Fixtures.xlmRoberta()
    configuration.normalizer = .sequence([
      .precompiled(try Fixtures.map), .strip(left: true, right: true),
    ])
    configuration.preTokenizer = .metaspace(Metaspace(prependScheme: .first))
    let tokenizer = try Tokenizer(configuration)
    let (mark, a, marked) = (Int32(4), Int32(5), Int32(8))
    for (text, expected) in [
      ("a", [marked]), ("①", [mark, 3]), (" a", [a]), ("\ta", [a]), ("\u{A0}a", [a]),
      ("x \u{1}a", [mark, 3, marked]), (" a", [a]), ("a a", [marked, marked]),
    ] as [(String, [Int32])] {
      #expect(tokenizer.ids(of: text, addsSpecialTokens: false) == expected, "\(text)")
      #expect(try tokenizer.encode(text, addsSpecialTokens: false).ids == expected, "\(text)")
    }
  }
}
