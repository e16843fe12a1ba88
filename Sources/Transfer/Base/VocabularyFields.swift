// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import Transformers

/// What `config.json` says of a vocabulary: how many pieces there are, and which are special.
struct VocabularyFields {
  private let base: TextEncoder

  init(_ base: TextEncoder) { self.base = base }

  /// The configuration with another number of pieces, and special pieces where they are now.
  ///
  /// - Parameters:
  ///   - count: rows of the table.
  ///   - padding: the new vocabulary's padding piece, where it counts for positions; nil for that of the configuration.
  ///   - place: where an old id's row is now; nil where it is gone.
  /// - Throws: `TransformerError` where a special piece is gone, or positions count from a padding piece that would move.
  func encoded(
    count: Int, padding: Int? = nil, place: (Int) -> Int?
  ) throws -> Data {
    let file = base.directory.appendingPathComponent("config.json")
    guard
      var fields = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    else { throw TransformerError(.configuration, "not a JSON object", at: file.path) }
    for key in ["pad_token_id", "bos_token_id", "eos_token_id"] {
      guard let old = fields[key] as? Int else { continue }
      guard let new = place(old) else {
        throw TransformerError(
          .configuration, "'\(key)' is \(old), a piece that is not left; expected a special token",
          at: file.path)
      }
      fields[key] = new
      guard key == "pad_token_id", base.encoder.configuration.family != .bert else { continue }
      let moved = padding ?? new
      guard new == old, moved == old else {
        throw TransformerError(
          .configuration,
          "positions count from the padding piece, whose id would move from \(old) to \(new == old ? moved : new); the vocabulary "
            + "cannot be this one", at: file.path)
      }
    }
    fields["vocab_size"] = count
    return try Self.data(fields)
  }

  /// A tokenizer's configuration without the list of added tokens by their old ids, which tokenizer.json has by their new ones.
  static func withoutIDs(_ data: Data) throws -> Data {
    guard var fields = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      fields["added_tokens_decoder"] != nil
    else { return data }
    fields["added_tokens_decoder"] = nil
    return try Self.data(fields)
  }

  /// What `tokenizer_config.json` says of a tokenizer that a tokenizer.json describes: its special tokens by what they are for.
  static func tokenizerFields(_ tokenizer: Tokenizer, maximumLength: Int) -> [String: Any] {
    var fields: [String: Any] = [
      "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": maximumLength,
    ]
    for (key, id) in [
      ("bos_token", tokenizer.beginID), ("cls_token", tokenizer.beginID),
      ("eos_token", tokenizer.endID), ("sep_token", tokenizer.endID),
      ("pad_token", tokenizer.padID), ("unk_token", tokenizer.unknownID),
      ("mask_token", tokenizer.maskID),
    ] {
      if let id { fields[key] = tokenizer.piece(of: id) }
    }
    return fields
  }

  static func data(_ fields: [String: Any]) throws -> Data {
    try JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }
}
