// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Learns a unigram language model over pieces (Kudo, 2018, “Subword Regularization”).
///
/// It begins with many substrings and alternates: expectation and maximisation fit the probabilities, then the
/// pieces whose loss costs least are dropped, until as many are left as were asked for. The steps, thresholds and
/// defaults are those of `spm_train`; the lattices are built once and walked in the linear domain.
public struct UnigramTrainer: Sendable {
  /// What to learn, by the names of `spm_train` where it has them.
  public struct Settings: Sendable {
    /// The number of pieces, alphabet included.
    public var vocabularySize: Int
    /// `seed_sentencepiece_size`: how many substrings to begin with.
    public var seedCount = 1_000_000
    /// `shrinking_factor`: what share of pieces outlives a round.
    public var shrinkingFactor = 0.75
    /// `num_sub_iterations`: how often probabilities are fitted in a round.
    public var subIterationCount = 2
    /// `max_sentencepiece_length`, in scalars.
    public var maximumPieceLength = 16
    /// How much a word counts that stands once in the text.
    public var unit: Int64 = 1
    /// Memory for the table of substrings, in bytes.
    public var memory = 1 << 28
    /// Threads to compute with; they do not change the result.
    public var threads = 1
    /// How the languages of the words share the vocabulary; nil for what the likelihood makes of it.
    public var parity: ParityGoal?
    /// Pieces that another vocabulary has already: they are used, but neither counted nor dropped.
    var present = Set<[UInt8]>()
    /// Pieces that must not be learned.
    var excluded = Set<[UInt8]>()

    /// Settings with the defaults of `spm_train`.
    public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }
  }

  /// A piece with its log probability.
  public struct Piece: Sendable, Equatable {
    /// Its text.
    public var text: String
    /// The natural logarithm of its probability.
    public var score: Double
  }

  /// The settings.
  public var settings: Settings

  /// Makes a trainer.
  public init(_ settings: Settings) { self.settings = settings }

  /// Learns the pieces of words.
  ///
  /// - Parameters:
  ///   - words: the words; they hold no scalar outside the alphabet.
  ///   - alphabet: the scalars that must be pieces.
  ///   - progress: called with a sentence after each round.
  /// - Returns: the pieces, the likeliest first: as many as asked for, or fewer where the text has no more.
  public func train(
    _ words: WordTable, alphabet: [Unicode.Scalar], progress: (String) -> Void = { _ in }
  ) throws(SubwordError) -> [Piece] {
    try check(alphabet)
    var state = TrainingState(words, alphabet, settings)
    progress("\(words.count) words, \(state.scores.count - alphabet.count) candidates")
    let desired = max(state.newLetters, settings.vocabularySize * 11 / 10)
    while true {
      for _ in 0..<settings.subIterationCount {
        state.expect(settings)
        state.maximize(settings)
      }
      progress(
        "\(state.scores.count) pieces, \(state.bitsPerScalar) bits for each character")
      guard state.newCount > desired else { break }
      state.balance(settings)
      let before = state.newCount
      state.prune(
        to: max(desired, Int(settings.shrinkingFactor * Double(before))), settings)
      guard state.newCount < before else { break }
    }
    return state.finish(settings.vocabularySize, alphabet)
  }

  private func check(_ alphabet: [Unicode.Scalar]) throws(SubwordError) {
    guard !alphabet.isEmpty else {
      throw SubwordError(
        .invalidArgument, "expected text to learn from, found none; is the input empty?")
    }
    guard
      settings.vocabularySize
        >= alphabet.count(where: { !settings.present.contains(Array(String(Character($0)).utf8)) })
    else {
      throw SubwordError(
        .invalidArgument,
        "expected room for the \(alphabet.count) characters of the alphabet, found "
          + "\(settings.vocabularySize) pieces; raise --vocab_size or lower --character_coverage")
    }
    guard settings.seedCount + alphabet.count < UnigramLattices.capacity else {
      throw SubwordError(
        .invalidArgument,
        "expected --seed_sentencepiece_size below \(UnigramLattices.capacity - alphabet.count), "
          + "found \(settings.seedCount)")
    }
    guard settings.shrinkingFactor > 0, settings.shrinkingFactor < 1 else {
      throw SubwordError(
        .invalidArgument,
        "expected --shrinking_factor between 0 and 1, found \(settings.shrinkingFactor)")
    }
  }
}
