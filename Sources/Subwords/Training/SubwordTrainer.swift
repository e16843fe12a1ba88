// SPDX-License-Identifier: Apache-2.0

/// Makes a vocabulary of a text: alphabet, algorithm and the pieces that stand beside what is learned.
///
/// Ids are in the order of `spm_train`: the unknown piece, begin, end and padding where the specification puts them,
/// control symbols, user-defined symbols, bytes, and then what was learned, the likeliest first.
public struct SubwordTrainer: Sendable {
  /// What to train, by the names of `spm_train`.
  public var specification: TrainerSpecification
  /// The name of the normaliser's rules, for the record.
  public var normalizerName: String
  /// Threads to compute with; they do not change the result.
  public var threads = 1
  /// Memory for the trainer's tables, in bytes.
  public var memory = 1 << 29
  /// What share of its own text the alphabet covers in each language, beside `character_coverage` of the whole.
  public var languageCoverage: Float?
  /// How languages share a unigram vocabulary; nil for what the likelihood makes of it.
  public var parity: ParityGoal?

  /// Makes a trainer.
  public init(_ specification: TrainerSpecification, normalizerName: String = "nmt_nfkc") {
    self.specification = specification
    self.normalizerName = normalizerName
  }

  /// Learns a vocabulary.
  ///
  /// - Parameters:
  ///   - text: what to learn from.
  ///   - weights: by how much each language counts, in the text's order; nil for all alike.
  ///   - progress: called with a sentence now and then.
  /// - Throws: ``SubwordError/Code/invalidArgument`` where the text does not support what was asked for.
  public func train(
    _ text: TrainingText, weights: [Double]? = nil, progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> SentencePieceModel {
    let sample = try text.sample(
      weights: weights, languageCoverage: languageCoverage, keepsLanguages: parity != nil)
    return try train(sample, normalizer: text.normalizer, progress: progress)
  }

  func train(
    _ sample: TrainingText.Sample, normalizer: SentencePieceNormalizer,
    progress: (String) -> Void
  ) throws(SubwordError) -> SentencePieceModel {
    describe(sample, progress)
    var assembly = try VocabularyAssembly(specification)
    let room = specification.vocabularySize - assembly.reservedCount
    guard room > 0 else {
      throw SubwordError(
        .invalidArgument,
        "expected --vocab_size above the \(assembly.reservedCount) reserved pieces, found "
          + "\(specification.vocabularySize)")
    }
    let alphabet = sample.alphabet.map(\.scalar).filter {
      !assembly.isReserved(String(Character($0)))
    }
    guard !alphabet.isEmpty, sample.words.count > 0 else {
      throw SubwordError(
        .invalidArgument, "expected text to learn from, found none; is the input empty?")
    }
    let learned = try learn(sample, alphabet, room, progress)
    for piece in learned where !assembly.isReserved(piece.text) {
      assembly.append(piece.text, Float(piece.score))
    }
    let missing = specification.vocabularySize - assembly.count
    if missing > 0, specification.hasHardVocabularyLimit {
      throw SubwordError(
        .invalidArgument,
        "expected text for \(specification.vocabularySize) pieces, found no more than "
          + "\(assembly.count) in it; set --vocab_size to at most \(assembly.count), or give "
          + "--hard_vocab_limit=false")
    }
    return try assembly.model(normalizerName, normalizer)
  }

  private func describe(_ sample: TrainingText.Sample, _ progress: (String) -> Void) {
    progress(
      "\(sample.words.count) distinct words, \(sample.alphabet.count) characters cover "
        + "\((sample.coverage * 1_000_000).rounded() / 10000) %")
    if sample.omitted > 0 {
      progress("\(sample.omitted) rare words are left out; more --memory would keep them")
    }
  }

  private func learn(
    _ sample: TrainingText.Sample, _ alphabet: [Unicode.Scalar], _ room: Int,
    _ progress: (String) -> Void
  ) throws(SubwordError) -> [UnigramTrainer.Piece] {
    switch specification.algorithm {
    case .unigram:
      var settings = UnigramTrainer.Settings(vocabularySize: room)
      settings.seedCount = specification.seedPieceCount
      settings.shrinkingFactor = Double(specification.shrinkingFactor)
      settings.subIterationCount = specification.subIterationCount
      settings.maximumPieceLength = specification.maximumPieceLength
      settings.unit = sample.unit
      settings.threads = threads
      settings.memory = memory / 4
      settings.parity = parity
      return try UnigramTrainer(settings).train(
        sample.words, alphabet: alphabet, progress: progress)
    case .bpe:
      let result = try BytePairTrainer(
        .init(
          vocabularySize: room, maximumPieceLength: specification.maximumPieceLength,
          minimumPairCount: 2 * sample.unit)
      ).train(sample.words, alphabet: alphabet) { progress("\($0) pieces") }
      return result.sentencePieces.map { UnigramTrainer.Piece(text: $0.piece, score: $0.score) }
    case .character:
      return PlainPieceTrainer(vocabularySize: room).characters(sample.words, alphabet: alphabet)
        .map { UnigramTrainer.Piece(text: $0.piece, score: $0.score) }
    case .word:
      return PlainPieceTrainer(vocabularySize: room).words(sample.words, alphabet: alphabet)
        .map { UnigramTrainer.Piece(text: $0.piece, score: $0.score) }
    }
  }

  /// Learns a WordPiece vocabulary of a text that was cut into BERT's words.
  ///
  /// The specification's size, coverage and piece length count; its reserved pieces do not: BERT has its own.
  public func trainWordPiece(
    _ text: TrainingText, weights: [Double]? = nil, lowercases: Bool,
    progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> TokenizerConfiguration {
    let sample = try text.sample(weights: weights)
    describe(sample, progress)
    guard !sample.alphabet.isEmpty else {
      throw SubwordError(
        .invalidArgument, "expected text to learn from, found none; is the input empty?")
    }
    let result = try WordPieceTrainer(
      .init(
        vocabularySize: specification.vocabularySize,
        maximumPieceLength: specification.maximumPieceLength, minimumPairCount: 2 * sample.unit)
    ).train(sample.words, alphabet: sample.alphabet.map(\.scalar)) { progress("\($0) pieces") }
    guard result.missingCount == 0 || !specification.hasHardVocabularyLimit else {
      throw SubwordError(
        .invalidArgument,
        "expected text for \(specification.vocabularySize) pieces, found no more than "
          + "\(result.pieces.count) in it; set --vocab_size to at most \(result.pieces.count), or "
          + "give --hard_vocab_limit=false")
    }
    return try TokenizerConfiguration(bertPieces: result.pieces, lowercases: lowercases)
  }
}
