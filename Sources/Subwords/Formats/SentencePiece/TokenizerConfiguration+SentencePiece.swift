// SPDX-License-Identifier: Apache-2.0

extension TokenizerConfiguration {
  /// The stages of a SentencePiece model, with the model's own ids and nothing put around texts.
  public init(sentencePiece model: SentencePieceModel) throws(SubwordError) {
    guard let unknown = model.kinds.firstIndex(of: .unknown) else {
      throw SubwordError(.malformed, "expected an unknown piece, found none")
    }
    var normalizer = model.normalizer
    let symbols = model.kinds.indices.filter { model.kinds[$0] == .userDefined }
    if !symbols.isEmpty {
      normalizer.protected = try PieceTrie(
        symbols.map { (Array(model.pieces[$0].utf8)[...], Int32($0)) })
      normalizer.protectsSpaces = symbols.contains { model.pieces[$0].utf8.contains(0x20) }
    }
    self.init(
      normalizer: .sentencePiece(normalizer),
      model: try Self.model(of: model, unknownID: Int32(unknown)))
    sentencePieceDecoding = SentencePieceDecoding(
      unknownSurface: model.trainer.unknownSurface, addsDummyPrefix: normalizer.addsDummyPrefix,
      removesExtraWhitespaces: normalizer.removesExtraWhitespaces)
    sentencePiece = model
  }

  private static func model(
    of model: SentencePieceModel, unknownID: Int32
  ) throws(SubwordError) -> SubwordModel {
    let scores = model.scores.map(Double.init)
    switch model.algorithm {
    case .unigram:
      return .unigram(
        try Unigram(
          pieces: model.pieces, scores: scores, unknownID: unknownID,
          fallsBackToBytes: model.fallsBackToBytes, kinds: model.kinds))
    case .bpe:
      return .bytePair(
        try BytePair(
          pieces: model.pieces, scores: scores, kinds: model.kinds, unknownID: unknownID,
          fallsBackToBytes: model.fallsBackToBytes))
    case .word, .character:
      return .plain(
        try PlainPieces(
          pieces: model.pieces, scores: scores, kinds: model.kinds, unknownID: unknownID,
          fallsBackToBytes: model.fallsBackToBytes, cutsWords: model.algorithm == .word))
    }
  }

  /// The same model with the ids and the template of XLM-R, which numbers as fairseq did:
  /// `<s>` 0, `<pad>` 1, `</s>` 2, `<unk>` 3, the others one up, `<mask>` last.
  func asXLMRoberta() -> TokenizerConfiguration {
    var copy = self
    let mask = Int32(model.pieces.count + 1)
    copy.idMap = .xlmRoberta
    copy.postProcessor = .xlmRoberta
    copy.addedTokens = AddedToken.xlmRoberta(maskID: mask)
    copy.findsAddedTokens = false
    return copy
  }
}

extension PostProcessor {
  /// `<s> A </s>` and `<s> A </s> </s> B </s>`, all of type 0.
  public static let xlmRoberta: PostProcessor = {
    let begin = Part.special([0], name: "<s>", typeID: 0)
    let end = Part.special([2], name: "</s>", typeID: 0)
    let (first, second) = (Part.sequence(0, typeID: 0), Part.sequence(1, typeID: 0))
    return PostProcessor(
      single: [begin, first, end], pair: [begin, first, end, end, second, end])
  }()
}

extension AddedToken {
  /// The added tokens of XLM-R; the mask takes the space before it.
  public static func xlmRoberta(maskID: Int32) -> [AddedToken] {
    ["<s>", "<pad>", "</s>", "<unk>"].enumerated().map { AddedToken(id: Int32($0), content: $1) }
      + [AddedToken(id: maskID, content: "<mask>", stripsLeft: true)]
  }
}
