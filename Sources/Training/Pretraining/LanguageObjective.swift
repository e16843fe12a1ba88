// SPDX-License-Identifier: Apache-2.0

/// What a model learns of unlabelled text: ``MaskedLanguageObjective`` or ``CausalLanguageObjective``.
public protocol LanguageObjective: TrainingObjective {
  /// Rows to judge by; empty for none.
  var development: [[Int32]] { get }

  /// How well pieces of rows are guessed; nil where there is nothing to guess.
  func score(_ rows: [[Int32]]) throws -> LanguageModelScore?
}

extension LanguageObjective {
  /// The loss on development rows.
  public func developmentLoss() throws -> Double? {
    try development.isEmpty ? nil : score(development)?.loss
  }
}
