// SPDX-License-Identifier: Apache-2.0

/// Text to predict on, whose labels stay sealed until predictions exist.
public struct TargetExamples: Sendable {
  /// The texts' language.
  public let language: String
  /// The texts.
  public let texts: [String]
  private let gold: [Int]

  /// Text with the labels that it will be scored against.
  public init(
    language: String, examples: [(text: String, label: String)], labelSet: LabelSet
  ) throws(TaskError) {
    self.language = language
    texts = examples.map(\.text)
    var gold: [Int] = []
    for (number, example) in examples.enumerated() {
      guard let index = labelSet.index(of: example.label) else {
        throw TaskError(
          .label,
          "example \(number + 1) has the label '\(example.label)', which no training example has; "
            + "expected one of \(labelSet.names.joined(separator: ", "))", at: language)
      }
      gold.append(index)
    }
    self.gold = gold
  }

  /// Opens the labels against predictions, one row of class probabilities for each text.
  public func outcomes(_ probabilities: [[Float]]) throws(TaskError) -> ClassificationOutcomes {
    guard probabilities.count == texts.count else {
      throw TaskError(
        .examples, "expected \(texts.count) predictions, found \(probabilities.count)",
        at: language)
    }
    return ClassificationOutcomes(
      language: language, texts: texts, gold: gold, probabilities: probabilities)
  }
}

/// What a classifier said of one language's text, beside what is true.
public struct ClassificationOutcomes: Sendable {
  /// The language.
  public let language: String
  /// The texts.
  public let texts: [String]
  /// The true classes.
  public let gold: [Int]
  /// Class probabilities of each text.
  public let probabilities: [[Float]]

  fileprivate init(
    language: String, texts: [String], gold: [Int], probabilities: [[Float]]
  ) {
    self.language = language
    self.texts = texts
    self.gold = gold
    self.probabilities = probabilities
  }

  /// The most probable class of each text; the first of equals.
  public var predicted: [Int] {
    probabilities.map { row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
  }

  /// The probability of the most probable class.
  public var confidence: [Float] { probabilities.map { $0.max() ?? 0 } }

  /// Which predictions are right.
  public var isCorrect: [Bool] { zip(predicted, gold).map { $0 == $1 } }
}
