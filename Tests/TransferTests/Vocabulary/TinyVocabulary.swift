// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords

/// Tokenizers of a few pieces, made for a test.
enum TinyVocabulary {
  /// A unigram vocabulary as XLM-R has it: the special tokens, the pieces with equal scores, `<mask>`.
  static func unigram(_ pieces: [String]) throws -> Tokenizer {
    let all = ["<s>", "<pad>", "</s>", "<unk>"] + pieces + ["<mask>"]
    let entries = all.map { #"["\#($0)", -2]"# }.joined(separator: ",")
    return try tokenizer(
      """
      {"added_tokens": [\(added(all, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]))],
       "normalizer": null, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"},
         {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]},
       "post_processor": \(template("<s>", 0, "</s>", 2)), "decoder": {"type": "Metaspace"},
       "model": {"type": "Unigram", "unk_id": 3, "vocab": [\(entries)]}}
      """)
  }

  /// A WordPiece vocabulary as BERT has it.
  static func wordPiece(_ pieces: [String]) throws -> Tokenizer {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    let all = special + pieces
    let entries = all.enumerated().map { #""\#($1)": \#($0)"# }.joined(separator: ",")
    return try tokenizer(
      """
      {"added_tokens": [\(added(all, special))], "normalizer": null,
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": \(template("[CLS]", 2, "[SEP]", 3)), "decoder": {"type": "WordPiece"},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {\(entries)}}}
      """)
  }

  private static func added(_ all: [String], _ special: [String]) -> String {
    special.compactMap { token in
      all.firstIndex(of: token).map {
        #"{"id": \#($0), "content": "\#(token)", "special": true, "normalized": false}"#
      }
    }.joined(separator: ",")
  }

  private static func template(
    _ begin: String, _ beginID: Int, _ end: String, _ endID: Int
  ) -> String {
    """
    {"type": "TemplateProcessing",
     "single": [{"SpecialToken": {"id": "\(begin)", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "\(end)", "type_id": 0}}],
     "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
     "special_tokens": {"\(begin)": {"ids": [\(beginID)]}, "\(end)": {"ids": [\(endID)]}}}
    """
  }

  private static func tokenizer(_ json: String) throws -> Tokenizer {
    try Tokenizer(TokenizerConfiguration(tokenizerJSON: Array(json.utf8)))
  }
}
