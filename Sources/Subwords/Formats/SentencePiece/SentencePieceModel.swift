// SPDX-License-Identifier: Apache-2.0

/// The contents of a SentencePiece `.model` file.
public struct SentencePieceModel: Sendable, Equatable {
  /// The algorithm.
  public enum Algorithm: Int, Sendable, CaseIterable {
    /// A unigram language model.
    case unigram = 1
    /// Byte-pair encoding.
    case bpe = 2
    /// Whole words.
    case word = 3
    /// Single scalars.
    case character = 4
  }

  /// The pieces in id order.
  public var pieces: [String] = []
  /// Their scores.
  public var scores: [Float] = []
  /// Their kinds.
  public var kinds: [PieceKind] = []
  /// How the model was trained.
  public var trainer = TrainerSpecification()
  /// The name of the normaliser's rule set: `nmt_nfkc`, `nmt_nfkc_cf`, `nfkc`, `nfkc_cf`, `identity`,
  /// or any other for rules of one's own.
  public var normalizerName = ""
  /// The normaliser.
  public var normalizer: SentencePieceNormalizer
  /// Texts with their encodings, which SentencePiece checks when it opens the model.
  public var selfTests: [(input: String, expected: String)] = []

  /// The algorithm.
  public var algorithm: Algorithm { trainer.algorithm }
  /// Whether unknown text becomes byte pieces.
  public var fallsBackToBytes: Bool { trainer.byteFallback }

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order; not empty.
  ///   - scores: one for each piece.
  ///   - kinds: one for each piece; exactly one is the unknown piece.
  ///   - trainer: how the model was trained; its algorithm, `byte_fallback` and `unk_surface` decide
  ///     how the model encodes.
  ///   - normalizerName: the name of the rule set.
  ///   - normalizer: the normaliser; the model decides whether spaces are suffixes.
  /// - Throws: ``SubwordError/Code/invalidArgument`` if the pieces do not make a model.
  public init(
    pieces: [String], scores: [Float], kinds: [PieceKind],
    trainer: TrainerSpecification = TrainerSpecification(), normalizerName: String = "",
    normalizer: SentencePieceNormalizer
  ) throws(SubwordError) {
    self.pieces = pieces
    self.scores = scores
    self.kinds = kinds
    self.trainer = trainer
    self.normalizerName = normalizerName
    self.normalizer = normalizer
    self.normalizer.treatsWhitespaceAsSuffix = trainer.treatsWhitespaceAsSuffix
    try check()
  }

  /// Throws if what SentencePiece demands of a model does not hold.
  private func check() throws(SubwordError) {
    guard scores.count == pieces.count, kinds.count == pieces.count else {
      throw SubwordError(
        .invalidArgument,
        "expected a score and a kind for each of \(pieces.count) pieces, found \(scores.count) and "
          + "\(kinds.count)")
    }
    let unknown = kinds.count { $0 == .unknown }
    guard unknown == 1 else {
      throw SubwordError(.invalidArgument, "expected one unknown piece, found \(unknown)")
    }
    if let index = pieces.firstIndex(where: \.isEmpty) {
      throw SubwordError(.invalidArgument, "expected pieces with text, found piece \(index) empty")
    }
    var seen = Set<[UInt8]>()
    for (index, piece) in pieces.enumerated() where !seen.insert(Array(piece.utf8)).inserted {
      throw SubwordError(
        .invalidArgument, "expected each piece once, found “\(piece)” again as piece \(index)")
    }
    if kinds.contains(.byte), !trainer.byteFallback {
      throw SubwordError(
        .invalidArgument, "expected byte_fallback beside byte pieces, found it off")
    }
  }

  /// Compares all contents, strings byte by byte.
  public static func == (left: SentencePieceModel, right: SentencePieceModel) -> Bool {
    left.serialized == right.serialized
  }
}
