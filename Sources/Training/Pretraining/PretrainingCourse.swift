// SPDX-License-Identifier: Apache-2.0

/// How a training on unlabelled text went, whatever it was of.
public struct PretrainingCourse: Sendable, Equatable {
  /// How many numbers moved; of an encoder's table of words, the rows that occur.
  public var movingParameterCount: Int
  /// The training's course.
  public var training: TrainingLoop.Outcome
  /// How well development text was guessed before.
  public var before: LanguageModelScore?
  /// How well it is guessed after.
  public var after: LanguageModelScore?
  /// Rows that were learned from; those with nothing to guess are left out.
  public var rowCount: Int
  /// The languages of the rows.
  public var languages: [LanguageShare]
  /// Tokens gone through in all steps, counted by the mean length of rows.
  public var tokenCount: Int

  /// The course of an objective that was trained, and what is guessed now.
  ///
  /// - Parameters:
  ///   - objective: the objective.
  ///   - outcome: the course of the loop.
  ///   - before: how well development text was guessed before.
  ///   - movingParameterCount: how many numbers moved.
  ///   - plan: how it was trained.
  ///   - maskRate: what of a language was hidden; nil for nothing.
  init(
    _ objective: any LanguageObjective, _ outcome: TrainingLoop.Outcome,
    before: LanguageModelScore?, movingParameterCount: Int, _ plan: TrainingPlan,
    maskRate: (String) -> Double?
  ) throws {
    self.movingParameterCount = movingParameterCount
    (training, self.before) = (outcome, before)
    after = try objective.developmentScore()
    rowCount = objective.rows.rows.count
    let sampling = objective.sampling
    languages = zip(sampling.names, zip(sampling.counts, sampling.drawnCounts)).map {
      LanguageShare(
        language: $0, rows: $1.0, rowsPerEpoch: $1.1, maskRate: maskRate($0))
    }
    tokenCount = objective.rows.tokenCount(
      in: outcome.steps, of: plan.batchSize, drawn: sampling)
  }
}

/// How much text of a language a training had.
public struct LanguageShare: Sendable, Equatable, Codable {
  /// The language, as it was named; empty for text without one.
  public var language: String
  /// Rows that there are.
  public var rows: Int
  /// Rows that an epoch has, where languages are evened out.
  public var rowsPerEpoch: Int
  /// The share of pieces that are hidden, where pieces are.
  public var maskRate: Double?
}
