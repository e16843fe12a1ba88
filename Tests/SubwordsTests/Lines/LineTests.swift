// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("Lines of tokens")
struct LineTests {
  private let marked: Tokenizer
  private let bytes: Tokenizer
  /// A vocabulary whose pieces hold plain spaces.
  private let spaced: Tokenizer

  init() throws {
    marked = try Tokenizer(Fixtures.xlmRoberta())
    bytes = try Tokenizer(
      TokenizerConfiguration(sentencePiece: SentencePieceModel(Fixtures.sentencePiece())))
    let pieces = ["<unk>", "a", "b", " ", "a b", "\\", "\t"]
    spaced = try Tokenizer(
      TokenizerConfiguration(
        model: .unigram(
          try Unigram(
            pieces: pieces, scores: [0, -1, -1, -1, -1.5, -1, -1], unknownID: 0)),
        decoder: .fuse))
  }

  private func encode(
    _ line: String, _ tokenizer: Tokenizer, _ change: (inout LineEncoder.Options) -> Void = { _ in }
  ) throws -> String {
    var options = LineEncoder.Options()
    change(&options)
    var output: [UInt8] = []
    try LineEncoder(tokenizer, options).append(line, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private func decode(_ line: String, _ tokenizer: Tokenizer, _ input: LineDecoder.Input) throws
    -> String
  {
    var output: [UInt8] = []
    try LineDecoder(tokenizer, input: input).append(line, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test("a line becomes ids, pieces, offsets or an object, and an empty line an empty one")
  func formats() throws {
    // 4 ▁, 5 a, 6 b, 7 ab, 8 ▁a, 9 aa, 10 é, 11 中, 12 ▁the
    #expect(try encode("the é", marked) == "12 4 10\n")
    #expect(try encode("", marked) == "\n")
    #expect(try encode("the é", marked) { $0.addsSpecialTokens = true } == "0 12 4 10 2\n")
    #expect(try encode("the é", marked) { $0.format = .pieces } == "▁the ▁ é\n")
    let units: [(OffsetUnit, String)] = [(.utf8, "0:3 4:6 4:6"), (.scalars, "0:3 4:5 4:5")]
    for (unit, expected) in units {
      let line = try encode("the é", marked) {
        $0.format = .offsets
        $0.unit = unit
      }
      #expect(line == expected + "\n")
    }
    #expect(
      try encode("the é", marked) { $0.format = .json }
        == #"{"ids":[12,4,10],"pieces":["▁the","▁","é"],"offsets":[[0,3],[4,6],[4,6]],"tokens":3}"#
        + "\n")
  }

  @Test("a tab parts a pair, and a maximum length counts the special tokens")
  func pairs() throws {
    let line = try encode("the\tthe the", marked) {
      $0.isPair = true
      $0.addsSpecialTokens = true
      $0.maximumLength = 6
    }
    #expect(line == "0 12 2 2 12 2\n")
    for line in ["the", "a\tb\tc"] {
      #expect(throws: SubwordError.self) { try encode(line, marked) { $0.isPair = true } }
    }
    #expect(throws: SubwordError.self) {
      try encode("the", marked) {
        $0.addsSpecialTokens = true
        $0.maximumLength = 1
      }
    }
  }

  @Test("the best ways stand in one line, the best first, and cannot be mixed with pairs")
  func best() throws {
    let line = try encode("ab", bytes) { $0.segmentation = .nBest(2) }
    let ways = bytes.piece(of: 0) == nil ? [] : try bytes.bestSegmentations(of: "ab", count: 2)
    let expected = ways.map { $0.ids.map(String.init).joined(separator: " ") }
    #expect(expected.count == 2 && line == expected.joined(separator: "\t") + "\n")
    #expect(throws: SubwordError.self) {
      try encode("ab", bytes) {
        $0.segmentation = .nBest(2)
        $0.isPair = true
      }
    }
  }

  @Test("pieces with spaces, tabs and backslashes are written so that they can be read back")
  func escapes() throws {
    let text = "a b\\a\t"
    let line = try encode(text, spaced) { $0.format = .pieces }
    #expect(line == "a\\sb \\\\ a \\t\n")
    #expect(try decode(String(line.dropLast()), spaced, .pieces) == text + "\n")
    #expect(throws: SubwordError.self) { try decode("a\\x", spaced, .pieces) }
    // Where spaces are marked, a backslash is itself.
    #expect(!PieceSpelling(for: marked).escapes && !PieceSpelling(for: bytes).escapes)
    #expect(try decode("▁the \\x", marked, .pieces) == "the\\x\n")
  }

  @Test(
    "ids and pieces give the text back, unknown pieces included",
    arguments: ["the ab", "", "a 中 é", "the x the", "x the", "Ω"])
  func roundTrip(text: String) throws {
    let plain = try Tokenizer(
      TokenizerConfiguration(
        sentencePiece: SentencePieceModel(Fixtures.sentencePiece(byteFallback: false))))
    for tokenizer in [marked, bytes, plain] {
      let pieces = try encode(text, tokenizer) { $0.format = .pieces }
      #expect(try decode(String(pieces.dropLast()), tokenizer, .pieces) == text + "\n")
    }
    let ids = try encode(text, bytes)
    #expect(try decode(String(ids.dropLast()), bytes, .ids) == text + "\n")
  }

  @Test(
    "what is no id, or none of this vocabulary, is an error",
    arguments: ["1 x", "-1", "99999", "1.5"])
  func wrongIDs(line: String) {
    #expect(throws: SubwordError.self) { try decode(line, marked, .ids) }
  }
}
