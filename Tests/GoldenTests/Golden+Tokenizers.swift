// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Testing

extension Golden {
  /// Ids, pieces, offsets, decoding and pairs of `tokenizer.json` files.
  @Suite(.enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct Tokenizers {
    /// Kinds that are not built yet.
    static let pending: Set<String> = [
      "bert-uncased", "bpe-hf", "mbert-cased", "mt5", "spm-bpe-bytes", "spm-bpe-raw",
      "t5-bytefallback",
    ]

    static let all = Golden.directories("tokenizers").map(\.lastPathComponent)
      .filter { !pending.contains($0) }
    /// Fixtures of sentencepiece itself.
    static let sentencePieceNames = all.filter { $0.hasPrefix("spm-") }
    /// Fixtures of Hugging Face's library.
    static let names = all.filter { !$0.hasPrefix("spm-") }

    struct Case: Decodable {
      var id: String?
      var text: String
      var pair: String?
      var ids: [Int32]
      var pieces: [String]?
      var offsets: [[Int]]?
      var word_ids: [Int?]?
      var decoded: String?
      var decoded_with_special: String?
      var max_length: Int?
      var strategy: String?
      var stride: Int?
      var pad_to: Int?
      var direction: String?
      var type_ids: [Int32]?
      var attention_mask: [Int32]?
      var special: [Int32]?
      var sequence_ids: [Int?]?
      var overflowing: [Window]?
    }

    struct Window: Decodable {
      var ids: [Int32]
      var offsets: [[Int]]
      var type_ids: [Int32]
      var sequence_ids: [Int?]
    }

    struct Decoding: Decodable {
      var ids: [Int32]
      var decoded: String
      var decoded_with_special: String
    }

    static func lines<Value: Decodable>(_ name: String, _ file: String, as: Value.Type) throws
      -> [Value]
    {
      let folder = try #require(Golden.folder).appendingPathComponent("tokenizers/\(name)")
      let data = try Data(contentsOf: folder.appendingPathComponent(file))
      return try data.split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Value.self, from: Data($0))
      }
    }

    static func tokenizer(_ name: String) throws -> Tokenizer {
      try Tokenizer(
        contentsOf: #require(Golden.folder).appendingPathComponent("tokenizers/\(name)"))
    }

    /// Swift's equality of strings is canonical equivalence; fixtures mean scalars.
    static func same(_ left: String, _ right: String) -> Bool {
      left.unicodeScalars.elementsEqual(right.unicodeScalars)
    }

    static func pairs(_ ranges: [Range<Int>]) -> [[Int]] {
      ranges.map { [$0.lowerBound, $0.upperBound] }
    }

    @Test(
      "a text gives the reference's ids, pieces, offsets and words, and decodes", arguments: names)
    func encodes(name: String) throws {
      let tokenizer = try Self.tokenizer(name)
      let cases = try Self.lines(name, "cases.jsonl", as: Case.self)
      #expect(!cases.isEmpty)
      for item in cases {
        let found = tokenizer.encode(item.text)
        let id = item.id ?? ""
        #expect(found.ids == item.ids, "\(id)")
        #expect(
          found.pieces.count == item.pieces?.count
            && zip(found.pieces, item.pieces ?? []).allSatisfy(Self.same), "\(id)")
        #expect(Self.pairs(found.offsets) == item.offsets, "\(id)")
        #expect(found.wordIDs == item.word_ids, "\(id)")
        #expect(Self.same(tokenizer.decode(found.ids), item.decoded ?? ""), "\(id)")
        if let special = item.decoded_with_special {
          let decoded = tokenizer.decode(found.ids, skippingSpecialTokens: false)
          #expect(Self.same(decoded, special), "\(id)")
        }
      }
    }

    @Test("any ids decode as the reference decodes them", arguments: names)
    func decodes(name: String) throws {
      let tokenizer = try Self.tokenizer(name)
      for item in try Self.lines(name, "decode.jsonl", as: Decoding.self) {
        #expect(Self.same(tokenizer.decode(item.ids), item.decoded), "\(item.ids)")
        let all = tokenizer.decode(item.ids, skippingSpecialTokens: false)
        #expect(Self.same(all, item.decoded_with_special), "\(item.ids)")
      }
    }

    @Test("pairs, truncation, strides and padding are the reference's", arguments: names)
    func pairs(name: String) throws {
      let folder = try #require(Golden.folder).appendingPathComponent("tokenizers/\(name)")
      guard
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("pairs.jsonl").path)
      else { return }
      let tokenizer = try Self.tokenizer(name)
      for item in try Self.lines(name, "pairs.jsonl", as: Case.self) {
        let truncation = try item.max_length.map { length in
          Truncation(
            maximumLength: length,
            strategy: try #require(Truncation.Strategy(rawValue: item.strategy ?? "")),
            stride: item.stride ?? 0, fromLeft: item.direction == "left")
        }
        let found = tokenizer.encode(
          item.text, pair: item.pair, truncation: truncation, paddedLength: item.pad_to)
        #expect(found.ids == item.ids, "\(item.text)")
        #expect(found.typeIDs == item.type_ids)
        #expect(found.attentionMask == item.attention_mask)
        #expect(found.specialMask == item.special)
        #expect(found.sequenceIDs == item.sequence_ids)
        #expect(Self.pairs(found.offsets) == item.offsets)
        #expect(found.overflowing.map(\.ids) == item.overflowing?.map(\.ids), "\(item.text)")
        #expect(
          found.overflowing.map { Self.pairs($0.offsets) } == item.overflowing?.map(\.offsets))
        #expect(found.overflowing.map(\.sequenceIDs) == item.overflowing?.map(\.sequence_ids))
      }
    }
  }
}
