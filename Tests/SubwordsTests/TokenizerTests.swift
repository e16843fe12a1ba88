// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Tokenizer")
struct TokenizerTests {
  private func tokenizer() throws -> Tokenizer { try Tokenizer(try Fixtures.xlmRoberta()) }

  @Test("special tokens stand around text, and literal ones count only where asked for")
  func specials() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.vocabularySize == 18)
    #expect(tokenizer.padID == 1)
    #expect(tokenizer.unknownID == 3)
    #expect(tokenizer.maskID == 17)
    #expect(tokenizer.ids(of: "") == [0, 2])
    #expect(tokenizer.ids(of: "the  <mask>") == [0, 12, 17, 2])
    #expect(tokenizer.ids(of: "the", addsSpecialTokens: false) == [12])
    let literal = tokenizer.ids(of: "<mask>", recognizesSpecialTokens: false)
    #expect(!literal.contains(17) || literal == [0, 4, 17, 2])
    #expect(tokenizer.piece(of: -1) == nil)
    #expect(tokenizer.piece(of: Int32.max) == nil)
    #expect(tokenizer.piece(of: Int32.min) == nil)
    #expect(tokenizer.id(of: "e\u{301}") == nil)
    #expect(tokenizer.id(of: "é") == 10)
  }

  @Test("a maximum length keeps the special tokens", arguments: 0...12)
  func maximumLength(_ length: Int) throws {
    let tokenizer = try tokenizer()
    let text = "the ab é the aab"
    let full = tokenizer.ids(of: text)
    let cut = tokenizer.ids(of: text, maximumLength: length)
    #expect(cut.count == min(length, full.count))
    if length >= 2 {
      #expect(cut.first == 0)
      #expect(cut.last == 2)
      #expect(cut.dropLast() == full.prefix(cut.count - 1))
      let encoding = try tokenizer.encode(text, truncation: Truncation(maximumLength: length))
      #expect(encoding.ids == cut)
    }
  }

  @Test("a batch gives what single texts give, whatever the number of threads")
  func batch() throws {
    let tokenizer = try tokenizer()
    var random = SeededGenerator(state: 21)
    let texts = (0..<1000).map { _ in random.text(upTo: 25) }
    let ids = tokenizer.ids(of: texts)
    #expect(ids == texts.map { tokenizer.ids(of: $0) })
    #expect(tokenizer.ids(of: [String]()).isEmpty)
    for (text, ids) in zip(texts, ids) {
      let encoding = try tokenizer.encode(text)
      #expect(encoding.ids == ids)
      let covered = encoding.tokens.filter { !$0.isSpecial }
      for (token, next) in zip(covered, covered.dropFirst()) {
        #expect(token.offsets.lowerBound <= next.offsets.lowerBound)
        #expect(next.offsets.upperBound <= text.utf8.count)
      }
    }
  }

  @Test("windows overlap by the stride and cover the text", arguments: [0, 1, 2])
  func windows(_ stride: Int) throws {
    let tokenizer = try tokenizer()
    let text = "the ab é the aab b h e t a"
    let full = try tokenizer.encode(text, addsSpecialTokens: false).ids
    for direction in [Truncation.Direction.right, .left] {
      let encoding = try tokenizer.encode(
        text, truncation: Truncation(maximumLength: 5, stride: stride, direction: direction))
      let windows = [encoding] + encoding.overflowing
      var joined = [Int32]()
      for window in direction == .right ? windows : windows.reversed() {
        #expect(window.count <= 5)
        let content = window.ids.dropFirst().dropLast()
        joined +=
          joined.isEmpty || direction == .left && window.count < 5
          ? content : content.dropFirst(stride)
        if direction == .left, window.count < 5 { joined = Array(content) }
      }
      if direction == .right {
        #expect(joined == full)
      } else {
        #expect(Array(joined.suffix(3)) == full.suffix(3))
      }
    }
  }

  @Test("impossible truncations are refused")
  func refusedTruncations() throws {
    let tokenizer = try tokenizer()
    let text = "the ab the ab"
    #expect(throws: SubwordError.self) {
      try tokenizer.encode(text, truncation: Truncation(maximumLength: 1))
    }
    #expect(throws: SubwordError.self) {
      try tokenizer.encode(text, truncation: Truncation(maximumLength: 4, stride: 2))
    }
    #expect(throws: SubwordError.self) {
      try tokenizer.encode(
        text, truncation: Truncation(maximumLength: 4, strategy: .onlySecond))
    }
  }

  @Test("a written tokenizer.json reads back the same, atomically")
  func writing() throws {
    let configuration = try Fixtures.xlmRoberta()
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try configuration.write(to: url)
    let copy = try Tokenizer(contentsOf: url)
    #expect(try copy.configuration.json.serialized == configuration.json.serialized)
    #expect(throws: SubwordError.self) {
      try configuration.write(to: url.appendingPathComponent("no/such/place"))
    }
  }

  @Test(
    "a file that asks for what is not there is refused by name",
    arguments: [
      (#"{"model":{"type":"Elsewise"}}"#, "Elsewise", "model"),
      (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[]}}"#, "vocabulary", "model"),
      (#"{"model":{"type":"Unigram","unk_id":7,"vocab":[["a",-1]]}}"#, "unknown id", "model"),
      (
        #"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a"]]}}"#, "a piece and its score",
        "model.vocab[0]"
      ),
      (#"{"model":{"type":"Unigram","vocab":[["a",1]]}}"#, "unk_id", "model"),
      (#"{"model":3}"#, "an object", "model"), (#"{}"#, "model", ""),
      (
        #"{"normalizer":{"type":"Nmtt"},"model":{"unk_id":0,"vocab":[["a",-1]]}}"#, "Nmtt",
        "normalizer"
      ),
      (
        #"{"pre_tokenizer":{"type":"Bytewise"},"model":{"unk_id":0,"vocab":[["a",-1]]}}"#,
        "Bytewise", "pre_tokenizer"
      ),
      (
        #"{"normalizer":{"type":"Replace","pattern":{"Regex":"(a)\\1"},"content":""},"model":{"unk_id":0,"vocab":[["a",-1]]}}"#,
        #"“\1”"#, "normalizer.pattern.Regex"
      ),
    ])
  func unsupported(_ json: String, _ part: String, _ location: String) {
    let error = #expect(throws: SubwordError.self) {
      try TokenizerConfiguration(tokenizerJSON: json.utf8)
    }
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
    #expect(error?.location.starts(with: location) == true, "\(String(describing: error))")
  }

  @Test("a missing file and an empty directory are named")
  func missing() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString)")
    let absent = #expect(throws: SubwordError.self) { try Tokenizer(contentsOf: directory) }
    #expect(absent?.location == directory.path)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let empty = #expect(throws: SubwordError.self) { try Tokenizer(contentsOf: directory) }
    #expect(empty?.message.contains("tokenizer.json") == true)
  }
}
