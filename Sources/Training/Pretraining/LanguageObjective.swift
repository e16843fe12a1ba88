// SPDX-License-Identifier: Apache-2.0

/// What a model learns of unlabelled text, as ``MaskedLanguageObjective``, ``CausalLanguageObjective`` and ``SpanCorruptionObjective``.
public protocol LanguageObjective: TrainingObjective {
  /// Rows to learn from.
  var rows: LanguageRows { get }

  /// Rows to judge by; without any for none.
  var development: LanguageRows? { get }

  /// How often rows of each language are gone through.
  var sampling: LanguageSampling { get }

  /// How well pieces of rows are guessed; nil where there is nothing to guess.
  func score(_ rows: LanguageRows) throws -> LanguageModelScore?
}

extension LanguageObjective {
  /// As many as rows.
  public var exampleCount: Int { rows.rows.count }

  /// Whole epochs of the sampling.
  public func batchCount(size: Int) -> Int { sampling.batchCount(size: size) }

  /// Rows as the sampling has them.
  public func batches(size: Int, seed: UInt64, during span: ClosedRange<Double>) -> [[Int]] {
    sampling.batches(size: size, seed: seed)
  }

  /// The loss on development rows.
  public func developmentLoss() throws -> Double? { try developmentScore()?.loss }

  /// How well development rows are guessed; nil where there are none.
  func developmentScore() throws -> LanguageModelScore? { try development.flatMap(score) }
}
