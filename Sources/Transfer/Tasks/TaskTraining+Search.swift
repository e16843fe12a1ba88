// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Training

extension TaskTraining {
  /// What to search.
  public struct Search: Sendable, Equatable, Codable {
    /// Candidates: the settings as they are, and others that are drawn.
    public var trials: Int
    /// What they are drawn from.
    public var space: SearchSpace

    /// A search.
    public init(trials: Int, space: SearchSpace) {
      self.trials = trials
      self.space = space
    }
  }

  /// Settings that do best on development examples of the source language, found by successive halving.
  ///
  /// Each trial tunes a fresh head on a share of the steps, with a schedule of that length, and is judged by the score that counts. Other
  /// languages have no part in it.
  ///
  /// - Parameters:
  ///   - search: what to try.
  ///   - type: the task.
  ///   - training: examples to learn from.
  ///   - development: examples of the same language to judge by.
  ///   - agreeing: texts and their translations, as in training.
  ///   - settings: where the search begins.
  public static func search<Task: FileTask>(
    _ search: Search, _ type: Task.Type,
    _ training: [LabelledExample<Task.Input, Task.Gold>],
    development: [LabelledExample<Task.Input, Task.Gold>],
    agreeing: [(source: String, target: String)] = [], from settings: Settings,
    log: @escaping (String) -> Void
  ) throws -> Settings {
    try search.space.validate()
    guard !development.isEmpty else {
      throw TaskError(
        .examples, "a search needs development examples of the source language, found none")
    }
    let halving = try SuccessiveHalving(count: search.trials)
    log(
      "search: \(search.trials) candidates in \(halving.rounds.count) rounds, as long as "
        + String(format: "%.1f", halving.cost) + " trainings")
    let candidates = search.space.candidates(
      search.trials, plan: settings.plan, choice: settings.choice, seed: settings.plan.seed)
    let best = try halving.best(of: candidates) { candidate, share in
      var trial = settings
      (trial.plan, trial.choice) = candidate
      let perEpoch = (training.count + trial.plan.batchSize - 1) / trial.plan.batchSize
      let all = trial.plan.steps ?? perEpoch * trial.plan.epochs
      trial.plan.steps = max(1, Int((Double(all) * share).rounded(.up)))
      let score: Double
      do {
        let result = try TaskTraining(trial).train(Task.self, training, agreeing: agreeing)
        let predictions = try result.predictor.predict(development.map(\.input))
        score =
          try result.predictor.task.scores(predictions, gold: development.map(\.gold)).first?.value
          ?? 0
      } catch let error as TrainingError where error.code == .divergence {
        // A rate that makes it diverge is an answer too.
        score = -.infinity
      }
      log(
        "search: \(trial.plan.steps ?? 0) steps, \(Self.described(candidate)): "
          + String(format: "%.4f", score))
      return score
    }
    log("search: chose \(Self.described(best))")
    var chosen = settings
    (chosen.plan, chosen.choice) = best
    return chosen
  }

  private static func described(
    _ candidate: (plan: TrainingPlan, choice: TuningChoice)
  ) -> String {
    let plan = candidate.plan
    return String(
      format: "rate %.2e, head %.2e, ", plan.rate, plan.headRate ?? plan.rate)
      + "\(plan.epochs) epochs of batches of \(plan.batchSize), dropout \(plan.dropout)"
      + (candidate.choice.kind == .lora ? ", rank \(candidate.choice.rank)" : "")
  }
}
