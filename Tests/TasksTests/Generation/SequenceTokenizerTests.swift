// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Transformers

@testable import Tasks

@Suite struct SequenceTokenizerTests {
  /// A model's folder, gone when the test is.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }

    /// A tokenizer that cuts text into these pieces, `<unk>` first.
    func writePieces(_ name: String, _ pieces: [String]) throws {
      let list = (["<unk>"] + pieces).map { "[\"\($0)\", -1]" }.joined(separator: ", ")
      try write(
        name,
        """
        {"normalizer": null, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
         "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [\(list)]}}
        """)
    }

    func tokenizer(_ type: String, size: Int = 40) throws -> SequenceTokenizer {
      try write(
        "config.json",
        """
        {"model_type": "\(type)", "vocab_size": \(size), "d_model": 8, "encoder_layers": 1, "decoder_layers": 1,
         "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 8, "decoder_ffn_dim": 8,
         "max_position_embeddings": 32, "pad_token_id": 1, "eos_token_id": 0, "decoder_start_token_id": 1,
         "activation_function": "relu", "scale_embedding": true}
        """)
      let configuration = try SequenceConfiguration(
        contentsOf: url.appendingPathComponent("config.json"))
      return try SequenceTokenizer(url, configuration)
    }
  }

  private static func marian() throws -> Folder {
    let folder = try Folder()
    try folder.writePieces("source.spm", ["▁the", "▁sea", "▁s", "un", "▁odd"])
    try folder.writePieces("target.spm", ["▁das", "▁Meer", "▁So", "nne"])
    try folder.write(
      "vocab.json",
      """
      {"</s>": 0, "<unk>": 2, "▁the": 7, "▁sea": 3, "▁s": 4, "un": 5, "▁das": 6, "▁Meer": 8, "▁So": 9, "nne": 10,
       ">>deu<<": 11, ">>fra<<": 12, "<pad>": 1}
      """)
    return folder
  }

  @Test("MarianMT's ids are those of its list, and a piece that the list does not have is unknown")
  func marianIDs() throws {
    let tokenizer = try Self.marian().tokenizer("marian")
    #expect(try tokenizer.row("the sea sun") == [7, 3, 4, 5, 0])
    #expect(try tokenizer.row("the odd sea") == [7, 2, 3, 0])
    #expect(try tokenizer.row("the sea sun", maximumLength: 3) == [7, 3, 0])
    #expect(try tokenizer.row("") == [0])
  }

  @Test("a language to write stands in front, named or written as the model's users do")
  func marianLanguages() throws {
    let tokenizer = try Self.marian().tokenizer("marian")
    #expect(tokenizer.languageCodes == ["deu", "fra"])
    #expect(try tokenizer.row("the sea", target: "fra") == [12, 7, 3, 0])
    #expect(try tokenizer.row(">>deu<< the sea") == [11, 7, 3, 0])
    let error = #expect(throws: TransformerError.self) {
      try tokenizer.row("the sea", target: "spa")
    }
    #expect(error?.message.contains("deu, fra") ?? false)
  }

  @Test(
    "what is written is put together by the target's pieces, those of the source's alone by their letters"
  )
  func marianText() throws {
    let tokenizer = try Self.marian().tokenizer("marian")
    #expect(tokenizer.text([6, 8, 0]) == "das Meer")
    #expect(tokenizer.text([11, 9, 10, 1, 0]) == "Sonne")
    #expect(tokenizer.text([6, 4, 5, 0]) == "das sun")
  }

  @Test("M2M100 wants the text's language, whose ids follow the list in the order of the names")
  func manyToMany() throws {
    let folder = try Folder()
    try folder.writePieces("sentencepiece.bpe.model", ["▁the", "▁sea", "▁das", "▁Meer"])
    try folder.write(
      "vocab.json",
      "{\"<s>\": 0, \"<pad>\": 1, \"</s>\": 2, \"<unk>\": 3, \"▁the\": 4, \"▁sea\": 5, \"▁das\": 6, \"▁Meer\": 7}"
    )
    try folder.write(
      "special_tokens_map.json",
      "{\"additional_special_tokens\": [\"__de__\", {\"content\": \"__en__\", \"lstrip\": false}]}")
    let tokenizer = try folder.tokenizer("m2m_100")
    #expect(try tokenizer.languageID("de") == 8)
    #expect(try tokenizer.row("the sea", language: "en") == [9, 4, 5, 2])
    #expect(tokenizer.text([8, 6, 7, 2]) == "das Meer")
    #expect(throws: TransformerError.self) { try tokenizer.row("the sea") }
  }

  @Test("a list that is larger than the model's table is refused, and so is one that is no list")
  func refusals() throws {
    #expect(throws: TransformerError.self) { try Self.marian().tokenizer("marian", size: 12) }
    let folder = try Self.marian()
    try folder.write("vocab.json", "[1, 2]")
    #expect(throws: TransformerError.self) { try folder.tokenizer("marian") }
  }
}
