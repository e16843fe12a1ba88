// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training

/// What one method of a task's recipe came to.
public struct TaskEvidence: Sendable, Equatable, Codable {
  /// The method's name.
  public var method: String
  /// How many numbers moved.
  public var parameterCount: Int
  /// Optimiser steps.
  public var steps: Int
  /// Tokens gone through in training.
  public var tokenCount: Int
  /// The source language first where it was measured, then the others in the data's order.
  public var languages: [TaskMeasurement]
  /// The trainings that scores are means of, where there are several.
  public var draws: [Draw]?
  /// Wrong answers of which the model was most sure, of each language.
  public var mistakes: [Mistake]

  /// One of several trainings.
  public struct Draw: Sendable, Equatable, Codable {
    /// What seeded it.
    public var seed: UInt64
    /// Its score that counts, in the order of the languages.
    public var values: [Double]
  }

  /// A wrong answer.
  public struct Mistake: Sendable, Equatable, Codable {
    var language, text, gold, predicted: String
    var confidence: Double
  }

  /// The most mistakes that are kept of a language.
  static let mistakeLimit = 15

  /// The score that counts, in the source language; nil where it was not measured.
  public func source(_ language: String) -> Double? {
    languages.first { $0.language == language }?.value
  }

  /// The mean of the score that counts over all other languages; nil without any.
  public func meanOfOthers(_ source: String) -> Double? {
    let others = languages.filter { $0.language != source }.map(\.value)
    return others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)
  }
}
