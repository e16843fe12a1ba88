// SPDX-License-Identifier: Apache-2.0

extension TokenizerConfiguration {
  /// The stages of a SentencePiece model as tokenizer.json has them, with the same ids; a configuration
  /// that has such stages already comes back as it is.
  ///
  /// Text is normalised by the same rules, but tokenizers applies them to whole clusters: a base with
  /// marks that no rule joins may come out otherwise. Literal control pieces in text become their ids.
  ///
  /// Throws ``SubwordError/Code/unsupported`` if the model has what tokenizer.json cannot say: spaces as
  /// suffixes, spaces that are not escaped, unused pieces, `word` and `char` models, merges with equal
  /// scores or of scalars that are no pieces.
  public func asTokenizerJSONStages() throws(SubwordError) -> TokenizerConfiguration {
    guard sentencePieceDecoding != nil, case .sentencePiece(let normalizer) = normalizer else {
      return self
    }
    guard normalizer.escapesWhitespaces, !normalizer.treatsWhitespaceAsSuffix else {
      throw Self.inexpressible("spaces marked in front of words", "another way to mark spaces")
    }
    guard !model.kinds.contains(.unused) else {
      throw Self.inexpressible("no unused pieces", "some")
    }
    var copy = self
    copy.sentencePiece = nil
    copy.sentencePieceDecoding = nil
    copy.idMap = nil
    copy.findsAddedTokens = true
    copy.normalizer = Self.stages(of: normalizer)
    let separates = model.separatesWords
    copy.preTokenizer =
      normalizer.removesExtraWhitespaces
      ? .metaspace(
        Metaspace(prependScheme: normalizer.addsDummyPrefix ? .always : .never, splits: separates))
      : nil
    copy.decoder = Self.decoder(model, normalizer)
    let pieces = publicPieces()
    switch model {
    case .unigram(let model): copy.model = try Self.converted(model, pieces, self)
    case .bytePair(let model): copy.model = try Self.converted(model, pieces, self)
    case .plain, .wordPiece, .wordLevel:
      throw Self.inexpressible("a unigram or BPE model", "one of kind \(model.name)")
    }
    copy.addSpecialPieces(of: self)
    try copy.addSymbols(of: self, normalizer)
    return copy
  }

  private static func inexpressible(_ expected: String, _ found: String) -> SubwordError {
    SubwordError(
      .unsupported,
      "expected \(expected) for a tokenizer.json, found \(found); "
        + "keep this model as a SentencePiece .model file")
  }

  /// Rules, then what SentencePiece does with spaces.
  private static func stages(of normalizer: SentencePieceNormalizer) -> Normalizer? {
    var parts = [Normalizer]()
    if normalizer.map.trie.units.count > 0 { parts.append(.precompiled(normalizer.map)) }
    if normalizer.removesExtraWhitespaces {
      if let ends = try? Pattern(#"\A +| +\z"#), let runs = try? Pattern(" {2,}") {
        parts.append(.replace(.regex(ends), content: ""))
        parts.append(.replace(.regex(runs), content: " "))
      }
    } else {
      if normalizer.addsDummyPrefix { parts.append(.prepend("\u{2581}")) }
      parts.append(.replace(.literal(" "), content: "\u{2581}"))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private static func decoder(
    _ model: SubwordModel, _ normalizer: SentencePieceNormalizer
  ) -> PieceDecoder {
    let strips = normalizer.addsDummyPrefix || normalizer.removesExtraWhitespaces
    var parts: [PieceDecoder] = [.replace(.literal("\u{2581}"), content: " ")]
    if model.fallsBackToBytes { parts.append(.byteFallback) }
    parts.append(.fuse)
    if strips { parts.append(.strip(content: " ", start: 1, stop: 0)) }
    return .sequence(parts)
  }

  /// The pieces in the order of the family's ids; added tokens fill what the model leaves open.
  private func publicPieces() -> [String] {
    guard idMap != nil else { return model.pieces }
    let last = addedTokens.map { Int($0.id) }.max() ?? 0
    var pieces = [String](repeating: "", count: max(modelSize, last + 1))
    for (id, piece) in model.pieces.enumerated() { pieces[Int(publicID(Int32(id)))] = piece }
    for token in addedTokens { pieces[Int(token.id)] = token.content }
    return pieces
  }

  private static func converted(
    _ model: Unigram, _ pieces: [String], _ configuration: TokenizerConfiguration
  ) throws(SubwordError) -> SubwordModel {
    var scores = [Double](repeating: 0, count: pieces.count)
    for id in model.scores.indices {
      // A user's symbol is worth its bonus there too.
      scores[Int(configuration.publicID(Int32(id)))] =
        model.kinds[id] == .userDefined ? model.matchScores[id] : model.scores[id]
    }
    return .unigram(
      try Unigram(
        pieces: pieces, scores: scores, unknownID: configuration.publicID(model.unknownID),
        fallsBackToBytes: model.fallsBackToBytes))
  }

  private static func converted(
    _ model: BytePair, _ pieces: [String], _ configuration: TokenizerConfiguration
  ) throws(SubwordError) -> SubwordModel {
    let entries = model.table.entries.sorted { left, right in
      left.result.rank != right.result.rank
        ? left.result.rank < right.result.rank
        : (left.left, left.right) < (right.left, right.right)
    }
    for (entry, next) in zip(entries, entries.dropFirst())
    where entry.result.rank == next.result.rank && entry.result.symbol != next.result.symbol {
      throw inexpressible(
        "pieces with different scores",
        "“\(pieces[Int(configuration.publicID(entry.result.symbol))])” and "
          + "“\(pieces[Int(configuration.publicID(next.result.symbol))])” with the same")
    }
    var merges = [BytePair.Merge]()
    let count = model.vocabulary.pieces.count
    for entry in entries {
      guard entry.left < count, entry.right < count else {
        throw inexpressible("all scalars of pieces among the pieces", "others")
      }
      merges.append(
        .init(configuration.publicID(entry.left), configuration.publicID(entry.right)))
    }
    return .bytePair(
      try BytePair(
        pieces: pieces, merges: merges,
        settings: BytePair.Settings(
          unknownPiece: model.settings.unknownPiece, fusesUnknown: true,
          fallsBackToBytes: model.fallsBackToBytes)))
  }

  /// Control pieces and the unknown piece are special tokens there.
  private mutating func addSpecialPieces(of source: TokenizerConfiguration) {
    for (id, kind) in source.model.kinds.enumerated() where kind == .control || kind == .unknown {
      let id = source.publicID(Int32(id))
      guard !addedTokens.contains(where: { $0.id == id }),
        let index = source.modelIndex(of: id)
      else { continue }
      addedTokens.append(AddedToken(id: id, content: source.model.pieces[index]))
    }
    addedTokens.sort { $0.id < $1.id }
  }

  /// The user's symbols: ordinary pieces of a unigram model, added tokens beside merges.
  private mutating func addSymbols(
    of source: TokenizerConfiguration, _ normalizer: SentencePieceNormalizer
  ) throws(SubwordError) {
    for (id, kind) in source.model.kinds.enumerated() where kind == .userDefined {
      let symbol = source.model.pieces[id]
      if case .unigram = model {
        let mark = String(decoding: SentencePieceNormalizer.mark, as: UTF8.self)
        let spaced = TextPattern.literal(mark).replace(in: symbol, by: " ")
        guard
          Normalizer.precompiled(normalizer.map).normalize(spaced).utf8.elementsEqual(spaced.utf8)
        else {
          throw Self.inexpressible(
            "user symbols that the normaliser leaves as they are", "“\(symbol)”")
        }
        continue
      }
      guard !normalizer.removesExtraWhitespaces, !symbol.unicodeScalars.contains("\u{2581}") else {
        throw Self.inexpressible(
          "user symbols of a BPE model only where extra spaces are kept, and without U+2581",
          "“\(symbol)”")
      }
      addedTokens.append(
        AddedToken(id: source.publicID(Int32(id)), content: symbol, isSpecial: false))
    }
    addedTokens.sort { $0.id < $1.id }
  }
}
