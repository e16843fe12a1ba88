// SPDX-License-Identifier: Apache-2.0

extension VocabularyTrimmer {
  /// Marks as unused what the text does not need, in a unigram or WordPiece model of tokenizer.json.
  ///
  /// The format has no mark for that. A piece without use keeps its id and score, and its text becomes `<unused ID>`; the
  /// space in it never reaches the model, so the piece is never found, by any reader of the format. Added tokens, byte pieces,
  /// the unknown piece and single scalars that the text holds stay.
  ///
  /// - Parameters:
  ///   - configuration: the vocabulary; XLM-R's `sentencepiece.bpe.model` becomes a tokenizer.json on the way.
  ///   - text: text of the languages to keep, cut by the same configuration.
  /// - Throws: ``SubwordError/Code/unsupported`` where the model is another, or spaces reach it.
  public func trim(
    _ configuration: TokenizerConfiguration, for text: TrainingText
  ) throws(SubwordError) -> Result<TokenizerConfiguration> {
    var copy = try configuration.listed()
    let model = copy.model
    try Self.check(copy)
    let uses = try Uses(model, text)
    var kept = Set(copy.addedTokens.compactMap { model.id(of: $0.content) }.map(Int.init))
    if let unknown = model.unknownID { kept.insert(Int(unknown)) }
    if model.fallsBackToBytes {
      kept.formUnion(model.vocabulary.byteIDs.compactMap { $0.map(Int.init) })
    }
    let prefix = copy.continuingPrefix
    var pieces = model.pieces
    let stays = pieces.indices.map { kept.contains($0) || uses.isScalar(pieces[$0], after: prefix) }
    let beyond = Set(copy.addedTokens.map { Int($0.id) }.filter { $0 >= pieces.count }).sorted()
    let isLeft = try choice(uses.counts, stays: stays, beside: beyond.count)
    for id in pieces.indices where !isLeft[id] {
      pieces[id] = TokenizerConfiguration.unusedPiece(id)
    }
    copy.model = try model.replacing(pieces)
    let unused = Set(
      pieces.indices.filter { !pieces[$0].utf8.elementsEqual(model.pieces[$0].utf8) })
    return Result(
      model: copy,
      kept: pieces.indices.filter { !unused.contains($0) } + beyond)
  }

  /// The vocabulary without its unused pieces: ids close up, the order stays.
  public func compacted(
    _ trimmed: Result<TokenizerConfiguration>
  ) throws(SubwordError) -> TokenizerConfiguration {
    var copy = trimmed.model
    let places = Dictionary(
      uniqueKeysWithValues: trimmed.kept.enumerated().map { (Int32($1), Int32($0)) })
    copy.model = try copy.model.selecting(trimmed.kept.filter { $0 < copy.model.pieces.count })
    for index in copy.addedTokens.indices {
      copy.addedTokens[index].id = try Self.place(copy.addedTokens[index].id, places)
    }
    copy.postProcessor = try copy.postProcessor.renumbered { id throws(SubwordError) in
      try Self.place(id, places)
    }
    if let padding = copy.padding { copy.padding?.id = try Self.place(padding.id, places) }
    return copy
  }

  /// Throws what ``trim(_:for:)-(TokenizerConfiguration,_)`` would for a configuration, before any text is read.
  public static func check(_ configuration: TokenizerConfiguration) throws(SubwordError) {
    let model = configuration.model
    switch model {
    case .unigram where model.kinds.isEmpty: break
    case .wordPiece: break
    default:
      throw SubwordError(
        .unsupported,
        "expected a unigram or WordPiece vocabulary to trim, found \(model.name): merges pass through pieces that no "
          + "text shows")
    }
    guard configuration.keepsSpacesFromModel else {
      throw SubwordError(
        .unsupported,
        "expected a pre-tokeniser that marks or splits at spaces, found one that leaves them; a piece cannot be marked as "
          + "unused there")
    }
  }

  private static func place(_ id: Int32, _ places: [Int32: Int32]) throws(SubwordError) -> Int32 {
    guard let place = places[id] else {
      throw SubwordError(
        .malformed,
        "expected the template and the padding to use tokens that are kept, found id \(id)")
    }
    return place
  }

  /// What a text needs of a model.
  private struct Uses {
    var counts: [Int64]
    private var scalars = Set<UInt32>()

    init(_ model: SubwordModel, _ text: TrainingText) throws(SubwordError) {
      counts = [Int64](repeating: 0, count: model.pieces.count)
      var scratch = ModelScratch()
      for language in text.languages.indices {
        try text.forEachWord(of: language) { (word, count) throws(SubwordError) in
          var sink = IDSink()
          model.cut(word, 0..<word.count, &scratch, into: &sink)
          for id in sink.ids { counts[Int(id)] += count }
          var index = 0
          while index < word.count {
            let (value, length) = UTF8Scalar.decode(word, at: index)
            scalars.insert(value)
            index += length
          }
        }
      }
      guard counts.contains(where: { $0 > 0 }) else {
        throw SubwordError(.invalidArgument, "expected text of the languages to keep, found none")
      }
    }

    /// Whether a piece is one scalar of the text, be it behind the prefix of pieces inside words.
    func isScalar(_ piece: String, after prefix: [UInt8]) -> Bool {
      let bytes = Array(piece.utf8)
      let tail = bytes.starts(with: prefix) ? bytes[prefix.count...] : bytes[...]
      let only = String(decoding: tail, as: UTF8.self).unicodeScalars
      return only.count == 1 && only.first.map { scalars.contains($0.value) } ?? false
    }
  }
}

extension TokenizerConfiguration {
  fileprivate var continuingPrefix: [UInt8] {
    if case .wordPiece(let model) = model { Array(model.continuingPrefix.utf8) } else { [] }
  }
}

extension SubwordModel {
  /// The model with other pieces at the same ids.
  fileprivate func replacing(_ pieces: [String]) throws(SubwordError) -> SubwordModel {
    switch self {
    case .unigram(let model):
      var parts = UnigramPieces(model)
      parts.pieces = pieces
      return .unigram(try parts.model())
    case .wordPiece(let model):
      return .wordPiece(
        try WordPiece(
          pieces: pieces, unknownPiece: model.unknownPiece,
          continuingPrefix: model.continuingPrefix,
          maximumScalarsPerWord: model.maximumScalarsPerWord))
    default: return self
    }
  }

  /// The model with the pieces of some ids alone.
  fileprivate func selecting(_ ids: [Int]) throws(SubwordError) -> SubwordModel {
    guard case .unigram(let model) = self else { return try replacing(ids.map { pieces[$0] }) }
    var parts = UnigramPieces(model).selecting(ids)
    parts.unknownID = Int32(ids.firstIndex(of: Int(model.unknownID)) ?? 0)
    return .unigram(try parts.model())
  }
}

extension PostProcessor {
  /// The same steps with other ids.
  fileprivate func renumbered(
    _ place: (Int32) throws(SubwordError) -> Int32
  ) throws(SubwordError) -> PostProcessor {
    func parts(_ parts: [Part]) throws(SubwordError) -> [Part] {
      var result: [Part] = []
      for part in parts {
        guard case .special(let ids, let name, let typeID) = part else {
          result.append(part)
          continue
        }
        var moved: [Int32] = []
        for id in ids { moved.append(try place(id)) }
        result.append(.special(moved, name: name, typeID: typeID))
      }
      return result
    }
    var steps: [Step] = []
    for step in self.steps {
      switch step {
      case .template(let single, let pair):
        steps.append(.template(single: try parts(single), pair: try parts(pair)))
      case .bert(var separator, var start):
        separator.id = try place(separator.id)
        start.id = try place(start.id)
        steps.append(.bert(separator: separator, start: start))
      case .roberta(var separator, var start, let bytes):
        separator.id = try place(separator.id)
        start.id = try place(start.id)
        steps.append(.roberta(separator: separator, start: start, bytes))
      case .byteLevel: steps.append(step)
      }
    }
    return try PostProcessor(steps: steps, isSequence: isSequence)
  }
}
