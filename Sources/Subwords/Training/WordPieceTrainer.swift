// SPDX-License-Identifier: Apache-2.0

/// Learns a WordPiece vocabulary as Hugging Face's trainer does: byte-pair merges whose symbols inside words carry a
/// prefix; of the merges only the pieces are kept.
public struct WordPieceTrainer: Sendable {
  /// What is to be learned.
  public struct Settings: Sendable, Equatable {
    /// How many pieces there are to be, special tokens and alphabet included.
    public var vocabularySize: Int
    /// The tokens that come first, as they are; BERT's by default.
    public var specialTokens: [String]
    /// What stands before pieces inside a word.
    public var continuingPrefix: String
    /// The longest piece, in scalars of text without the prefix.
    public var maximumPieceLength: Int
    /// Pairs that count less are not merged.
    public var minimumPairCount: Int64

    /// Makes settings; the default tokens and prefix are BERT's.
    public init(
      vocabularySize: Int,
      specialTokens: [String] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
      continuingPrefix: String = "##", maximumPieceLength: Int = 16, minimumPairCount: Int64 = 2
    ) {
      self.vocabularySize = vocabularySize
      self.specialTokens = specialTokens
      self.continuingPrefix = continuingPrefix
      self.maximumPieceLength = maximumPieceLength
      self.minimumPairCount = minimumPairCount
    }
  }

  /// What was learned.
  public struct Result: Sendable, Equatable {
    /// The pieces in id order, as vocab.txt lists them: special tokens, alphabet, learned pieces.
    public let pieces: [String]
    /// How many pieces the text could not support.
    public let missingCount: Int
  }

  /// The settings.
  public let settings: Settings

  /// Makes a trainer.
  public init(_ settings: Settings) { self.settings = settings }

  /// Learns from words, which begin with no mark of a space.
  ///
  /// - Parameters:
  ///   - words: the words.
  ///   - alphabet: the scalars that become pieces; they are listed in the order of their values.
  ///   - progress: told now and then how many pieces there are, special tokens not counted.
  /// - Throws: as ``BytePairTrainer/train(_:alphabet:progress:)``, and if a special token is repeated.
  public func train(
    _ words: WordTable, alphabet: [Unicode.Scalar], progress: (Int) -> Void = { _ in }
  ) throws(SubwordError) -> Result {
    let special = Set(settings.specialTokens.map { Array($0.utf8) })
    guard special.count == settings.specialTokens.count else {
      throw SubwordError(
        .invalidArgument, "expected each special token once, found one twice: leave it out")
    }
    let letters = alphabet.sorted { $0.value < $1.value }
    // A learned piece may spell a special token, which then stands for both: learn one more each.
    var room = settings.vocabularySize - settings.specialTokens.count
    while true {
      guard room > 0 else {
        throw SubwordError(
          .invalidArgument,
          "expected a vocabulary of more than the \(settings.specialTokens.count) special tokens, "
            + "found \(settings.vocabularySize): ask for more pieces")
      }
      let learned = try BytePairTrainer(
        .init(
          vocabularySize: room, maximumPieceLength: settings.maximumPieceLength,
          minimumPairCount: settings.minimumPairCount, continuingPrefix: settings.continuingPrefix)
      ).train(words, alphabet: letters, progress: progress)
      let pieces =
        settings.specialTokens + learned.pieces.filter { !special.contains(Array($0.utf8)) }
      let missing = settings.vocabularySize - pieces.count
      guard missing > 0, learned.missingCount == 0 else {
        return Result(pieces: pieces, missingCount: max(missing, 0))
      }
      room += missing
    }
  }
}
