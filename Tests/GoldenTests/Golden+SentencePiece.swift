// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Testing

extension Golden.Tokenizers {
  struct SentencePieceCase: Decodable {
    var id: String?
    var text: String
    var ids: [Int32]
    var pieces: [String]
    var byte_offsets: [[Int]]
    var decoded: String
    var normalized: String?
  }

  struct BestCase: Decodable {
    var text: String
    var nbest: [[Int32]]
  }

  struct PlainDecoding: Decodable {
    var ids: [Int32]
    var decoded: String
  }

  static func sentencePiece(_ name: String) throws -> SentencePieceTokenizer {
    try SentencePieceTokenizer(
      contentsOf: #require(Golden.folder)
        .appendingPathComponent("tokenizers/\(name)/spiece.model"))
  }

  @Test(
    "a .model gives sentencepiece's ids, pieces, byte offsets and decoding",
    arguments: sentencePieceNames)
  func sentencePieceEncodes(name: String) throws {
    let tokenizer = try Self.sentencePiece(name)
    let cases = try Self.lines(name, "cases.jsonl", as: SentencePieceCase.self)
    #expect(!cases.isEmpty)
    for item in cases {
      let found = tokenizer.encode(item.text)
      let id = item.id ?? ""
      #expect(found.map(\.id) == item.ids, "\(id)")
      #expect(
        found.count == item.pieces.count
          && zip(found, item.pieces).allSatisfy { Self.same($0.piece, $1) }, "\(id)")
      #expect(Self.pairs(found.map(\.bytes)) == item.byte_offsets, "\(id)")
      #expect(Self.same(tokenizer.decode(item.ids), item.decoded), "\(id)")
      if let normalized = item.normalized {
        #expect(Self.same(tokenizer.normalize(item.text), normalized), "\(id)")
      }
    }
  }

  @Test("any ids decode as sentencepiece decodes them", arguments: sentencePieceNames)
  func sentencePieceDecodes(name: String) throws {
    let tokenizer = try Self.sentencePiece(name)
    for item in try Self.lines(name, "decode.jsonl", as: PlainDecoding.self) {
      #expect(Self.same(tokenizer.decode(item.ids), item.decoded), "\(item.ids)")
    }
  }

  @Test("the best five segmentations are sentencepiece's", arguments: sentencePieceNames)
  func sentencePieceBest(name: String) throws {
    let tokenizer = try Self.sentencePiece(name)
    for item in try Self.lines(name, "nbest.jsonl", as: BestCase.self) {
      let found = tokenizer.best(item.nbest.count, item.text)
      // Segmentations of the same pieces score the same: they may come in another order, and at the end of
      // the list either may be the one that is left out.
      let bags = { (paths: [[Int32]]) in
        paths.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
      }
      #expect(bags(found) == bags(item.nbest), "\(item.text)")
    }
  }
}
