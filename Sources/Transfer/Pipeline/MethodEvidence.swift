// SPDX-License-Identifier: Apache-2.0

import Metrics
import Tasks

/// One method's scores in one language.
public struct LanguageScores: Sendable {
  /// The language.
  public var language: String
  /// Examples.
  public var count: Int
  /// The share of right answers.
  public var accuracy: Double
  /// Its 95 % bootstrap interval.
  public var accuracyInterval: Interval
  /// Macro-F1 over the classes that occur.
  public var macroF1: Double
  /// Its 95 % bootstrap interval.
  public var macroF1Interval: Interval
  /// Expected calibration error, 15 bins.
  public var calibrationError: Double
  /// Gold classes in rows, predicted ones in columns.
  public var confusion: Confusion

  /// Measures predictions.
  init(_ outcomes: ClassificationOutcomes, classCount: Int, bootstrap: Bootstrap) throws {
    language = outcomes.language
    count = outcomes.gold.count
    let predicted = outcomes.predicted
    confusion = try Confusion(gold: outcomes.gold, predicted: predicted, classCount: classCount)
    accuracy = confusion.accuracy
    accuracyInterval = try bootstrap.interval(ofAccuracy: outcomes.isCorrect)
    macroF1 = confusion.macroF1()
    macroF1Interval = try bootstrap.interval(
      gold: outcomes.gold, predicted: predicted, classCount: classCount
    ) { $0.macroF1() }
    // Rounding can lift a certain prediction a hair above 1.
    calibrationError = try Reliability(
      confidences: outcomes.confidence.map { min(Double($0), 1) }, correct: outcomes.isCorrect
    ).expectedCalibrationError
  }

  /// The rows of `results.json`.
  func rows(task: String, split: String, method: String) -> [ResultRow] {
    func row(_ metric: String, _ value: Double, _ interval: Interval?) -> ResultRow {
      ResultRow(
        task: task, language: language, split: split, n: count, metric: metric, value: value,
        interval: interval, method: method)
    }
    return [
      row("accuracy", accuracy, accuracyInterval), row("macro_f1", macroF1, macroF1Interval),
      row("ece", calibrationError, nil),
    ]
  }
}

/// One method's scores in every language.
public struct MethodEvidence: Sendable {
  /// The method's name.
  public var method: String
  /// The source language first, then the others in the data's order.
  public var languages: [LanguageScores]

  /// The source language's accuracy.
  public var source: Double { languages.first?.accuracy ?? 0 }

  /// The mean accuracy of the other languages; nil when there are none.
  public var meanOfOthers: Double? {
    let others = languages.dropFirst().map(\.accuracy)
    return others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)
  }
}
