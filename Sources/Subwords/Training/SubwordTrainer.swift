// SPDX-License-Identifier: Apache-2.0

import Foundation

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
    let sample = try text.sample(weights: weights)
    return try train(sample, normalizer: text.normalizer, progress: progress)
  }

  func train(
    _ sample: TrainingText.Sample, normalizer: SentencePieceNormalizer,
    progress: (String) -> Void
  ) throws(SubwordError) -> SentencePieceModel {
    progress(
      "\(sample.words.count) distinct words, \(sample.alphabet.count) characters cover "
        + "\((sample.coverage * 1_000_000).rounded() / 10000) %")
    if sample.omitted > 0 {
      progress(
        "\(sample.omitted) rare words are left out; more --memory would keep them")
    }
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
      return try UnigramTrainer(settings).train(
        sample.words, alphabet: alphabet, progress: progress)
    case .bpe:
      throw SubwordError(.unsupported, "bpe is not there yet")
    case .character:
      let counts = Dictionary(
        sample.alphabet.map { ($0.scalar, $0.count) }, uniquingKeysWith: { $1 })
      return Self.byFrequency(
        alphabet.map { (Array(String(Character($0)).utf8)[...], counts[$0] ?? 0) }, room)
    case .word:
      return Self.byFrequency(
        (0..<sample.words.count).map { (sample.words[$0], sample.words.counts[$0]) }, room)
    }
  }

  /// The most frequent, with the logarithms of their shares; ties in the order of bytes.
  private static func byFrequency(
    _ pieces: [(text: ArraySlice<UInt8>, count: Int64)], _ room: Int
  ) -> [UnigramTrainer.Piece] {
    let total = log(Double(max(1, pieces.reduce(0) { $0 + $1.count })))
    let sorted = pieces.sorted {
      $0.count != $1.count
        ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text)
    }
    return sorted.prefix(room).map {
      UnigramTrainer.Piece(
        text: String(decoding: $0.text, as: UTF8.self),
        score: log(Double(max(1, $0.count))) - total)
    }
  }
}
