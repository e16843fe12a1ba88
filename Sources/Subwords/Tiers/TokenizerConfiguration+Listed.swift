// SPDX-License-Identifier: Apache-2.0

extension TokenizerConfiguration {
  /// The stages of a unigram SentencePiece model as an encoder takes them: XLM-R's ids, special tokens and template, as
  /// tokenizer.json has them; what is a tokenizer.json already comes back as it is.
  ///
  /// Throws ``SubwordError/Code/unsupported`` where the model is of another kind, or does not begin with `<unk>`, `<s>` and
  /// `</s>` as a trainer leaves them.
  public func encoderStages() throws(SubwordError) -> TokenizerConfiguration {
    guard let model = sentencePiece, !isRenumbered else { return try listed() }
    let first = model.pieces.prefix(3).map { Array($0.utf8) }
    guard first == ["<unk>", "<s>", "</s>"].map({ Array($0.utf8) }) else {
      throw SubwordError(
        .unsupported,
        "expected a SentencePiece model that begins with <unk>, <s> and </s>, to be numbered as XLM-R numbers it, found "
          + model.pieces.prefix(3).joined(separator: " ")
          + "; give a folder with the tokenizer.json of an encoder")
    }
    return try asXLMRoberta().listed()
  }

  /// Whether ids are another family's than the SentencePiece model's own, as XLM-R's are.
  public var isRenumbered: Bool { idMap != nil }

  /// XLM-R's stages as tokenizer.json has them, with the same ids: its `sentencepiece.bpe.model` counts `<mask>` behind
  /// all pieces, so that a piece more would move it.
  ///
  /// Other configurations stay as they are. Throws ``SubwordError/Code/unsupported`` where the model has pieces
  /// that tokenizer.json cannot express.
  public func listed() throws(SubwordError) -> TokenizerConfiguration {
    guard isRenumbered, let model = sentencePiece else { return self }
    guard model.algorithm == .unigram, !model.fallsBackToBytes,
      model.kinds.allSatisfy({ [.normal, .control, .unknown].contains($0) })
    else {
      throw SubwordError(
        .unsupported,
        "expected a unigram model without bytes, user-defined and unused pieces to write as tokenizer.json, found others; learn "
          + "one with --model_type unigram, or give a tokenizer.json that has an encoder's special tokens"
      )
    }
    let tokenizer = try Tokenizer(self)
    let pieces = tokenizer.piecesByID
    let scores = pieces.indices.map { id in
      modelIndex(of: Int32(id)).map { model.kinds[$0] == .normal ? model.scores[$0] : 0 } ?? 0
    }
    return try .xlmRoberta(pieces: pieces, scores: scores, characterMap: model.normalizer.map)
  }

  /// The pieces of a unigram model of tokenizer.json and behind them one for each id up to the last: added tokens that the
  /// model has not, and fillers.
  ///
  /// So the model's next piece gets the next id that is free, and readers that number added tokens by the model's pieces
  /// give them the ids that they had.
  ///
  /// - Parameter first: fillers stand below this id too, if there are not as many pieces.
  func filledPieces(upTo first: Int = 0) throws(SubwordError) -> UnigramPieces {
    guard case .unigram(let model) = model, model.kinds.isEmpty else {
      throw VocabularyExtender.refusal(self.model.name)
    }
    var result = UnigramPieces(model)
    let least = result.leastScore ?? 0
    let size = max(first, addedTokens.map { Int($0.id) + 1 }.max() ?? 0)
    guard size <= result.pieces.count + 1_000_000 else {
      throw SubwordError(
        .malformed, "expected added tokens with ids near the model's, found one of \(size - 1)")
    }
    while result.pieces.count < size {
      let id = result.pieces.count
      var piece = Self.unusedPiece(id)
      if let token = addedTokens.first(where: { $0.id == id }),
        model.vocabulary.id(of: token.content) == nil
      {
        guard !token.isSingleWord else {
          throw SubwordError(
            .unsupported,
            "expected added tokens behind the model that are found everywhere, found “\(token.content)” with single_word; "
              + "as a piece of the model it would be found inside words")
        }
        piece = token.content
      }
      result.append(piece, score: least)
    }
    return result
  }

  /// The piece of an id that is not used: no text has it where spaces never reach the model.
  static func unusedPiece(_ id: Int) -> String { "<unused \(id)>" }

  /// Whether a plain space never reaches the model, so that a piece with one in it is never found.
  var keepsSpacesFromModel: Bool { marksSpaces || preTokenizer?.takesSpaces ?? false }
}

extension PreTokenizer {
  fileprivate var takesSpaces: Bool {
    switch self {
    case .bert, .whitespaceSplit, .whitespace: true
    case .sequence(let parts): parts.contains(where: \.takesSpaces)
    default: false
    }
  }
}
