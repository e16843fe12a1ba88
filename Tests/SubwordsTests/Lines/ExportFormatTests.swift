// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Export formats")
struct ExportFormatTests {
  @Test("what is written is read as the same vocabulary")
  func roundTrip() throws {
    let bytes = try Fixtures.sentencePiece()
    let model = try Tokenizer(TokenizerConfiguration(sentencePiece: SentencePieceModel(bytes)))
    let copy = try Tokenizer(
      TokenizerConfiguration(
        sentencePiece: SentencePieceModel(ExportFormat.sentencePiece.contents(for: model))))
    let table = String(decoding: try ExportFormat.vocab.contents(for: model), as: UTF8.self)
    #expect(table.hasPrefix("<unk>\t0\n") && table.contains("\n▁the\t-3.9\n"))
    let plain = try Tokenizer(Fixtures.xlmRoberta())
    let json = try Tokenizer(
      TokenizerConfiguration(tokenizerJSON: ExportFormat.tokenizerJSON.contents(for: plain)))
    for text in ["the ab", "é 中 x", ""] {
      #expect(copy.ids(of: text) == model.ids(of: text))
      #expect(json.ids(of: text) == plain.ids(of: text))
    }
  }

  @Test(
    "a SentencePiece model becomes a tokenizer.json that gives the same ids",
    arguments: [true, false])
  func conversion(byteFallback: Bool) throws {
    let model = try Tokenizer(
      TokenizerConfiguration(
        sentencePiece: SentencePieceModel(Fixtures.sentencePiece(byteFallback: byteFallback))))
    let json = try Tokenizer(
      TokenizerConfiguration(tokenizerJSON: ExportFormat.tokenizerJSON.contents(for: model)))
    for text in ["the ab", "  the   the ab ", "é 中 x", "\u{3000}thethe", "", " ", "the ab 中中é"] {
      #expect(json.ids(of: text, addsSpecialTokens: false) == model.ids(of: text), "\(text)")
    }
  }

  @Test("WordPiece's pieces are lines, and other vocabularies are refused with the reason")
  func refusal() throws {
    let word = try Tokenizer(
      TokenizerConfiguration(
        model: .wordPiece(try WordPiece(pieces: ["[UNK]", "ab", "##b"]))))
    #expect(try ExportFormat.vocabText.contents(for: word) == Array("[UNK]\nab\n##b\n".utf8))
    let plain = try Tokenizer(Fixtures.xlmRoberta())
    for format in [ExportFormat.sentencePiece, .vocab, .vocabText] {
      #expect { try format.contents(for: plain) } throws: {
        ($0 as? SubwordError)?.code == .unsupported
      }
    }
  }
}
