// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

/// Special tokens that stand literally in text which users write.
@Suite("Plain text")
struct PlainTextTests {
  private let texts = ["<s>", "a <mask>b", "</s>the<unk>", "<pad><pad>", "x<s>a"]

  @Test("a unigram model of tokenizer.json never finds its special pieces in plain text")
  func unigram() throws {
    let tokenizer = try Tokenizer(Fixtures.xlmRoberta())
    let special: Set<Int32> = [0, 1, 2, 17]
    for text in texts {
      let usual = tokenizer.ids(of: text, addsSpecialTokens: false)
      let plain = tokenizer.ids(of: text, addsSpecialTokens: false, recognizesSpecialTokens: false)
      #expect(!special.isDisjoint(with: usual) || usual.contains(3))
      #expect(special.isDisjoint(with: plain))
      #expect(
        try tokenizer.encode(text, addsSpecialTokens: false, recognizesSpecialTokens: false).ids
          == plain)
      #expect(
        tokenizer.ids(of: [text], addsSpecialTokens: false, recognizesSpecialTokens: false) == [
          plain
        ])
      let lines = tokenizer.encodeLines(
        Array(text.utf8), addsSpecialTokens: false, recognizesSpecialTokens: false)
      #expect(lines.ids == plain)
      for seed in 0..<50 {
        var generator = SampleGenerator(seed: UInt64(seed), stream: 0)
        let drawn = try tokenizer.sampledIDs(
          of: text, by: .lattice(alpha: 0), addsSpecialTokens: false,
          recognizesSpecialTokens: false, using: &generator)
        #expect(special.isDisjoint(with: drawn))
      }
      // The template's own tokens stay, and the default is what it was.
      let around = tokenizer.ids(of: text, recognizesSpecialTokens: false)
      #expect(around == [0] + plain + [2])
      #expect(tokenizer.ids(of: text, addsSpecialTokens: false) == usual)
    }
    #expect(tokenizer.ids(of: "<mask>", addsSpecialTokens: false).last == 17)
  }

  @Test("letters of a special piece are found by themselves, with the scores that they have")
  func letters() throws {
    let pieces = ["<unk>", "<", "s", ">", "<s>"]
    let tokenizer = try Tokenizer(
      TokenizerConfiguration(
        addedTokens: [AddedToken(id: 4, content: "<s>")],
        model: .unigram(
          try Unigram(pieces: pieces, scores: [0, -1, -1, -1, 0], unknownID: 0))))
    #expect(tokenizer.ids(of: "s<s>", recognizesSpecialTokens: false) == [2, 1, 2, 3])
    #expect(tokenizer.ids(of: "s<s>") == [2, 4])
  }

  @Test("a word of special text is unknown or letters in the other models too")
  func others() throws {
    let words = try Tokenizer(
      TokenizerConfiguration(
        addedTokens: [
          AddedToken(id: 0, content: "[UNK]"), AddedToken(id: 1, content: "[CLS]"),
        ], preTokenizer: .whitespaceSplit,
        model: .wordLevel(try WordLevel(pieces: ["[UNK]", "[CLS]", "a"]))))
    #expect(words.ids(of: "a [CLS] a") == [2, 1, 2])
    #expect(words.ids(of: "a [CLS] a", recognizesSpecialTokens: false) == [2, 0, 2])
  }
}
