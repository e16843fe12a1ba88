// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite struct PieceTextTests {
  private static func byteLevel(_ pieces: [String]) throws -> Tokenizer {
    let entries = pieces.enumerated().map { #""\#($1)": \#($0)"# }.joined(separator: ",")
    return try Tokenizer(
      TokenizerConfiguration(
        tokenizerJSON: Array(
          """
          {"added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
           "post_processor": null, "decoder": {"type": "ByteLevel"},
           "model": {"type": "BPE", "vocab": {\(entries)}, "merges": [["Ġ", "a"]]}}
          """.utf8)))
  }

  private static func unigram(_ pieces: [(String, Float)], _ kinds: [PieceKind]) throws -> Tokenizer
  {
    let model = try SentencePieceModel(
      pieces: ["<unk>", "<s>", "</s>"] + pieces.map(\.0), scores: [0, 0, 0] + pieces.map(\.1),
      kinds: [.unknown, .control, .control] + kinds, trainer: TrainerSpecification(),
      normalizerName: "identity",
      normalizer: SentencePieceNormalizer(map: CharacterMap(rules: [])))
    return try Tokenizer(TokenizerConfiguration(sentencePiece: model))
  }

  @Test("marks of spaces are no text; what is special or not used is none")
  func spaces() throws {
    let tokenizer = try Self.unigram(
      [("▁sun", -1), ("sun", -2), ("▁", -3), ("gone", -4)], [.normal, .normal, .normal, .unused])
    #expect(
      tokenizer.pieceTexts == [
        nil, nil, nil, PieceText("sun", startsWord: true), PieceText("sun", startsWord: false),
        PieceText("", startsWord: true), nil,
      ])
    #expect(tokenizer.ids(of: PieceText("sun", startsWord: true)) == [3])
    #expect(tokenizer.ids(of: PieceText("sunsun", startsWord: false)) == [4, 4])
    #expect(tokenizer.ids(of: PieceText("ж", startsWord: true)) == [5, 0])
  }

  @Test("bytes are text again, a part of a character too")
  func bytes() throws {
    // "é" is C3 A9, which are spelled Ã and ©.
    let tokenizer = try Self.byteLevel(["Ġ", "a", "Ã", "©", "Ġa"])
    let texts = tokenizer.pieceTexts
    #expect(texts[4] == PieceText("a", startsWord: true))
    #expect(texts[1] == PieceText("a", startsWord: false))
    #expect(texts[2]?.bytes == [0xC3] && texts[2]?.text == nil)
    #expect(tokenizer.ids(of: PieceText("aé", startsWord: true)) == [4, 2, 3])
    #expect(tokenizer.showsWords)
  }

  @Test("inside a word WordPiece takes the longest pieces that go on")
  func continuing() throws {
    let model = try WordPiece(pieces: ["[UNK]", "sun", "##su", "##s", "##un", "##n"])
    let tokenizer = try Tokenizer(
      TokenizerConfiguration(preTokenizer: .bert, model: .wordPiece(model)))
    #expect(tokenizer.pieceTexts[1] == PieceText("sun", startsWord: true))
    #expect(tokenizer.pieceTexts[2] == PieceText("su", startsWord: false))
    #expect(tokenizer.pieceTexts[0] == nil)
    #expect(tokenizer.ids(of: PieceText("sun", startsWord: false)) == [2, 5])
    #expect(tokenizer.ids(of: PieceText("sunsu", startsWord: true)) == [1, 2])
    #expect(tokenizer.ids(of: PieceText("ice", startsWord: false)) == [0])
  }

  @Test(
    "a SentencePiece model gets XLM-R's ids and template to be an encoder's; others are refused")
  func encoder() throws {
    let tokenizer = try Self.unigram([("▁sun", -1), ("▁", -3)], [.normal, .normal])
    let stages = try Tokenizer(tokenizer.configuration.encoderStages())
    #expect(
      stages.piecesByID == ["<s>", "<pad>", "</s>", "<unk>", "▁sun", "▁", "<mask>"])
    #expect(stages.ids(of: "sun sun") == [0, 4, 4, 2])
    var model = try #require(tokenizer.configuration.sentencePiece)
    model.pieces[1] = "<begin>"
    let error = #expect(throws: SubwordError.self) {
      try TokenizerConfiguration(sentencePiece: model).encoderStages()
    }
    #expect(error?.message.contains("found <unk> <begin> </s>") == true)
  }
}
