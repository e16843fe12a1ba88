// SPDX-License-Identifier: Apache-2.0

/// Examples of one language to predict on, whose truth stays sealed until predictions exist.
///
/// Zero-shot transfer learns from the source language alone; code that holds these cannot learn from another by mistake.
public struct SealedExamples<Task: TuningTask>: Sendable {
  /// The examples' language.
  public let language: String
  /// What predictions are made of.
  public let inputs: [Task.Input]
  private let gold: [Task.Gold]

  /// Examples with what predictions will be scored against.
  public init(language: String, _ examples: [LabelledExample<Task.Input, Task.Gold>]) {
    self.language = language
    inputs = examples.map(\.input)
    gold = examples.map(\.gold)
  }

  /// What is true of the examples, in exchange for a prediction of each.
  public func opened(by predictions: [Task.Prediction]) throws(TaskError) -> [Task.Gold] {
    guard predictions.count == inputs.count else {
      throw TaskError(
        .examples, "expected \(inputs.count) predictions, found \(predictions.count)",
        at: language)
    }
    return gold
  }

  /// How good predictions are.
  public func scores(_ predictions: [Task.Prediction], _ task: Task) throws -> [TaskScore] {
    try task.scores(predictions, gold: opened(by: predictions))
  }
}
