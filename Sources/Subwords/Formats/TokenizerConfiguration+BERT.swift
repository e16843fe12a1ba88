// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TokenizerConfiguration {
  /// BERT's tokenizer with the pieces of a `vocab.txt`: its normaliser, words, template and decoder.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order; `[UNK]`, `[CLS]` and `[SEP]` must be among them.
  ///   - lowercases: whether text is lower-cased and loses its accents.
  /// - Throws: ``SubwordError/Code/malformed`` where one of these is missing.
  public init(bertPieces pieces: [String], lowercases: Bool) throws(SubwordError) {
    let model = try WordPiece(pieces: pieces)
    func id(_ token: String) throws(SubwordError) -> Int32 {
      guard let id = model.vocabulary.id(of: token) else {
        throw SubwordError(
          .malformed, "expected the piece \(token) in a vocabulary of BERT's, found none")
      }
      return id
    }
    let (begin, end) = (try id("[CLS]"), try id("[SEP]"))
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { token in
      model.vocabulary.id(of: token).map { AddedToken(id: $0, content: token, isSpecial: true) }
    }
    let first = PostProcessor.Part.special([begin], name: "[CLS]", typeID: 0)
    let last = { PostProcessor.Part.special([end], name: "[SEP]", typeID: $0) }
    self.init(
      addedTokens: special.sorted { $0.id < $1.id },
      normalizer: .bert(BertNormalizer(lowercases: lowercases)), preTokenizer: .bert,
      model: .wordPiece(model),
      postProcessor: PostProcessor(
        single: [first, .sequence(0, typeID: 0), last(0)],
        pair: [
          first, .sequence(0, typeID: 0), last(0), .sequence(1, typeID: 1), last(1),
        ]),
      decoder: .wordPiece(prefix: "##", cleansUp: true))
  }

  /// Reads a `vocab.txt`: one piece a line, the first one has id 0.
  ///
  /// Whether text is lower-cased, the file does not say: `tokenizer_config.json` beside it does (`do_lower_case`),
  /// and without one a vocabulary in which no piece has a capital letter, special ones aside, is taken for lower case.
  init(vocabularyText url: URL) throws(SubwordError) {
    guard let data = try? Data(contentsOf: url) else {
      throw SubwordError(.file, "expected a readable file, found none", at: url.path)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw SubwordError(.malformed, "expected UTF-8, found other bytes", at: url.path)
    }
    var pieces = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0.last == "\r" ? $0.dropLast() : $0) }
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    let settings = url.deletingLastPathComponent().appendingPathComponent("tokenizer_config.json")
    let stated = (try? Data(contentsOf: settings))
      .flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }?["do_lower_case"]
    let hasCapitals = pieces.contains { piece in
      !piece.hasPrefix("[") && piece.unicodeScalars.contains { $0.properties.isUppercase }
    }
    do throws(SubwordError) {
      try self.init(bertPieces: pieces, lowercases: stated as? Bool ?? !hasCapitals)
    } catch {
      throw error.inside(url.path)
    }
  }
}
