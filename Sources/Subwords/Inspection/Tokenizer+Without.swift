// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The same tokenizer with some pieces taken out: they are never found in text, and all other ids, scores and
  /// rules stay.
  ///
  /// In byte-pair encoding, pieces that are merged from them can no longer be made either.
  ///
  /// - Throws: ``SubwordError/Code/invalidArgument`` where an id is not one of a piece of the model.
  public func without(_ ids: Set<Int32>) throws(SubwordError) -> Tokenizer {
    var configuration = configuration
    var places = Set<Int>()
    for id in ids.sorted() {
      guard let index = configuration.modelIndex(of: id), id != unknownID else {
        throw SubwordError(
          .invalidArgument,
          "expected ids of pieces, below \(vocabularySize) and not the unknown piece, found \(id)")
      }
      places.insert(index)
    }
    configuration.model = try configuration.model.without(places)
    return try Tokenizer(configuration)
  }
}

extension SubwordModel {
  /// Whether a text that uses none of some pieces is cut in the same way without them.
  ///
  /// The best path and the longest match are still there. Byte-pair encoding may pass through a piece on its way to
  /// a longer one.
  var ignoresUnusedPieces: Bool {
    if case .bytePair = self { false } else { true }
  }

  func without(_ places: Set<Int>) throws(SubwordError) -> SubwordModel {
    // An id without a piece, which no text matches; ids and scores stay as they are.
    let pieces = pieces.enumerated().map { places.contains($0) ? "" : $1 }
    switch self {
    case .unigram(let model):
      return .unigram(
        try Unigram(
          pieces: pieces, scores: model.scores, unknownID: model.unknownID,
          fallsBackToBytes: model.fallsBackToBytes, kinds: model.kinds))
    case .bytePair(let model) where model.isSentencePiece:
      guard let unknown = model.unknownID else { return self }
      return .bytePair(
        try BytePair(
          pieces: pieces, scores: model.scores, kinds: model.kinds, unknownID: unknown,
          fallsBackToBytes: model.fallsBackToBytes))
    case .bytePair(let model):
      let ids = Dictionary(
        model.vocabulary.pieces.enumerated().map { (Array($1.utf8), $0) },
        uniquingKeysWith: { $1 })
      let prefix = Array((model.settings.continuingPrefix ?? "").utf8)
      let merges = model.merges.filter { merge in
        let (left, right) = (
          Array(model.vocabulary.pieces[Int(merge.left)].utf8),
          Array(model.vocabulary.pieces[Int(merge.right)].utf8)
        )
        let tail = right.starts(with: prefix) ? right[prefix.count...] : right[...]
        let whole = ids[left + tail]
        return ![Int(merge.left), Int(merge.right), whole ?? -1].contains { places.contains($0) }
      }
      return .bytePair(
        try BytePair(pieces: pieces, merges: merges, settings: model.settings))
    case .wordPiece(let model):
      return .wordPiece(
        try WordPiece(
          pieces: pieces, unknownPiece: model.unknownPiece,
          continuingPrefix: model.continuingPrefix,
          maximumScalarsPerWord: model.maximumScalarsPerWord))
    case .wordLevel(let model):
      return .wordLevel(try WordLevel(pieces: pieces, unknownPiece: model.unknownPiece))
    case .plain(let model):
      return .plain(
        try PlainPieces(
          pieces: pieces, scores: model.scores, kinds: model.kinds, unknownID: model.unknownID,
          fallsBackToBytes: model.fallsBackToBytes, cutsWords: model.cutsWords))
    }
  }
}
