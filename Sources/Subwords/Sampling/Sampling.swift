// SPDX-License-Identifier: Apache-2.0

/// How one of the ways to cut a text is drawn at random, so that a model in training sees a text cut differently each
/// time.
public enum Sampling: Sendable, Equatable {
  /// Of all ways that a unigram model knows, each with the probability that its score, a natural logarithm, gives it when
  /// multiplied by `alpha`: 0 makes all ways equal, 1 is the model itself, and more favours the best (Kudo, 2018,
  /// “Subword Regularization”). SentencePiece's `nbest_size` of -1.
  case lattice(alpha: Double)
  /// The same of so many best ways alone, 2 to 512, as SentencePiece does with an `nbest_size` above 1.
  case nBest(Int, alpha: Double)
  /// Byte-pair encoding in which a merge is passed over with this probability, 0 to 1 (Provilkov and others, 2020,
  /// “BPE-Dropout”).
  ///
  /// A SentencePiece model passes over a pair for good, as SentencePiece does where it calls this number alpha; a
  /// model of tokenizer.json comes back to it after the next merge, as Hugging Face `tokenizers` does.
  case dropout(Double)

  /// The largest number of best ways, as in SentencePiece.
  public static let mostWays = 512

  /// Throws ``SubwordError/Code/invalidArgument`` where a number is out of its range, and
  /// ``SubwordError/Code/unsupported`` where the model is of another kind.
  func check(for model: SubwordModel) throws(SubwordError) {
    switch self {
    case .lattice(let alpha), .nBest(_, let alpha):
      guard case .unigram = model else { throw Self.mismatch("alpha", "unigram", model) }
      guard (0...1e6).contains(alpha) else {
        throw SubwordError(
          .invalidArgument, "expected an alpha from 0 to 1000000, found \(alpha)")
      }
    case .dropout(let share):
      guard case .bytePair = model else { throw Self.mismatch("a dropout", "bpe", model) }
      guard (0...1).contains(share) else {
        throw SubwordError(.invalidArgument, "expected a dropout from 0 to 1, found \(share)")
      }
    }
    if case .nBest(let count, _) = self, !(2...Self.mostWays).contains(count) {
      throw SubwordError(
        .invalidArgument,
        "expected 2 to \(Self.mostWays) best ways to draw from, found \(count)")
    }
  }

  private static func mismatch(
    _ what: String, _ kind: String, _ model: SubwordModel
  ) -> SubwordError {
    let others =
      switch model {
      case .unigram: "; it is sampled with an alpha"
      case .bytePair: "; it is sampled with a dropout"
      default: ", which has one way to cut a text and nothing to draw from"
      }
    return SubwordError(
      .unsupported,
      "expected a model of kind \(kind) for sampling with \(what), found one of kind \(model.name)"
        + others)
  }
}

extension Tokenizer {
  /// The sampling that SentencePiece's numbers ask for, each with the default of its Python module.
  ///
  /// - Parameters:
  ///   - alpha: the exponent of a unigram model, or the dropout of a SentencePiece BPE model; 0.1.
  ///   - nBestSize: below 0 all ways, above 1 so many of the best; -1.
  ///   - dropout: the dropout of a BPE model; what its tokenizer.json says.
  /// - Throws: ``SubwordError/Code/invalidArgument`` or ``SubwordError/Code/unsupported`` where the numbers do not go with
  ///   the model.
  public func sampling(
    alpha: Double? = nil, nBestSize: Int? = nil, dropout: Double? = nil
  ) throws(SubwordError) -> Sampling {
    let sampling: Sampling
    if let dropout {
      guard alpha == nil, nBestSize == nil else {
        throw SubwordError(
          .invalidArgument, "expected a dropout alone, found an alpha or a number of ways beside it"
        )
      }
      sampling = .dropout(dropout)
    } else if case .bytePair(let model) = configuration.model {
      sampling = .dropout(try Self.dropout(model, alpha))
    } else if let count = nBestSize, count >= 0 {
      sampling = .nBest(count, alpha: alpha ?? 0.1)
    } else {
      sampling = .lattice(alpha: alpha ?? 0.1)
    }
    try sampling.check(for: configuration.model)
    return sampling
  }

  private static func dropout(_ model: BytePair, _ alpha: Double?) throws(SubwordError) -> Double {
    if model.isSentencePiece { return alpha ?? 0.1 }
    guard alpha == nil, let dropout = model.settings.dropout else {
      throw SubwordError(
        .invalidArgument,
        "expected a dropout for a BPE model of tokenizer.json, found "
          + (alpha == nil ? "none, and its file names none" : "an alpha"))
    }
    return dropout
  }
}
