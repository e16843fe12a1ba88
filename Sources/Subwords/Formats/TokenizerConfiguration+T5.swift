// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TokenizerConfiguration {
  /// A SentencePiece model with what `tokenizer_config.json` beside it says about its family.
  ///
  /// A `T5Tokenizer` gets the end piece behind each text and its `extra_ids` (100 if the file does
  /// not say) behind the vocabulary, `<extra_id_0>` last; any other class keeps the model's ids.
  func asDescribed(in directory: URL) throws(SubwordError) -> TokenizerConfiguration {
    let file = directory.appendingPathComponent("tokenizer_config.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return self }
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw SubwordError(.file, "cannot be read: \(error.localizedDescription)", at: file.path)
    }
    do throws(SubwordError) {
      let json = JSONCursor(try JSONReader.read(data))
      let family = try json.optional("tokenizer_class")?.string() ?? ""
      guard family == "T5Tokenizer" || family == "T5TokenizerFast" else { return self }
      let count = try json.optional("extra_ids")?.natural() ?? 100
      guard count <= 100_000 else {
        throw SubwordError(.malformed, "expected at most 100000 extra_ids, found \(count)")
      }
      return try asT5(extraIDs: count)
    } catch {
      throw error.inside(file.path)
    }
  }

  private func asT5(extraIDs count: Int) throws(SubwordError) -> TokenizerConfiguration {
    guard let end = model.id(of: "</s>") else {
      throw SubwordError(.malformed, "expected the piece </s> in a T5 model, found none")
    }
    var copy = self
    let stop = PostProcessor.Part.special([end], name: "</s>", typeID: 0)
    let (first, second) = (
      PostProcessor.Part.sequence(0, typeID: 0), PostProcessor.Part.sequence(1, typeID: 0)
    )
    copy.postProcessor = PostProcessor(single: [first, stop], pair: [first, stop, second, stop])
    copy.addedTokens =
      ["<pad>", "</s>", "<unk>"].compactMap { piece in
        model.id(of: piece).map { AddedToken(id: $0, content: piece) }
      }
      + (0..<count).map { index in
        AddedToken(
          id: Int32(model.pieces.count + count - 1 - index), content: "<extra_id_\(index)>")
      }
    copy.findsAddedTokens = false
    return copy
  }
}
