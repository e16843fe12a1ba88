// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// What encodes text in which special tokens are not looked for: in a model of tokenizer.json that has them among its
  /// own pieces, `<s>` as it stands would be found by the model, so there they are taken out.
  ///
  /// The references find them. SentencePiece's own models never do, since control pieces are no text.
  func tokenizer(recognizingSpecial recognizes: Bool) -> Tokenizer {
    guard !recognizes, !specialPieces.isEmpty else { return self }
    return plainText.withLock { plain in
      if let plain { return plain }
      var copy = configuration
      do throws(SubwordError) {
        copy.model = try configuration.model.without(specialPieces)
        let made = try Tokenizer(copy)
        plain = made
        return made
      } catch {
        // A model that could be made with these pieces can be made without them.
        return self
      }
    }
  }

  /// The model's pieces that are special added tokens; the unknown piece only where the model does without its text.
  static func specialPieces(_ configuration: TokenizerConfiguration) -> Set<Int> {
    let model = configuration.model
    guard model.kinds.isEmpty else { return [] }
    var places = Set<Int>()
    for token in configuration.addedTokens where token.isSpecial {
      guard let id = model.id(of: token.content) else { continue }
      if case .unigram = model {} else if id == model.unknownID { continue }
      places.insert(Int(id))
    }
    return places
  }
}
