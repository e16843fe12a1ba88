// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

/// Added tokens as tokenizer.json lists them.
@Suite("Added tokens of a file")
struct AddedTokenTests {
  private func tokenizer(_ added: [(String, Int)]) throws -> Tokenizer {
    let list = added.map { #"{"id":\#($1),"content":"\#($0)","special":true}"# }
    let text =
      #"{"added_tokens":[\#(list.joined(separator: ","))],"model":{"type":"Unigram","unk_id":0,"#
      + #""vocab":[["u",0],["a",-1],["b",-2]]}}"#
    return try Tokenizer(TokenizerConfiguration(tokenizerJSON: Array(text.utf8)))
  }

  @Test("ids that fit the model are kept")
  func kept() throws {
    let tokenizer = try tokenizer([("u", 0), ("<m>", 3), ("<n>", 4)])
    #expect(tokenizer.ids(of: "a<m>b<n>u") == [1, 3, 2, 4, 0])
    #expect(tokenizer.vocabularySize == 5)
  }

  @Test("ids that do not fit are those of the reference: the model's, else the next ones")
  func renumbered() throws {
    let tokenizer = try tokenizer([("zz", 99), ("a", 98), ("qq", 50)])
    #expect(tokenizer.ids(of: "zzabqq") == [3, 1, 2, 4])
    #expect(tokenizer.vocabularySize == 5)
    #expect(tokenizer.piece(of: 99) == nil)
  }

  @Test("no id asks for memory out of proportion")
  func huge() throws {
    #expect(try tokenizer([("zz", 2_147_483_646)]).vocabularySize == 4)
  }

  @Test("a charsmap without rules is written as what the reference can read")
  func emptyMap() throws {
    let json = try Normalizer.precompiled(CharacterMap(blob: [])).json
    #expect(
      String(decoding: json.serialized, as: UTF8.self) == #"{"type":"Sequence","normalizers":[]}"#)
    #expect(try Normalizer(JSONCursor(json)).normalize("ä b") == "ä b")
    // Nor does SentencePiece read one with a trie of no rules.
    #expect(try CharacterMap(rules: []).blob.isEmpty)
  }
}
