// SPDX-License-Identifier: Apache-2.0

import Corpora

extension SequenceClassification: FileTask {
  /// A text with its class.
  public struct Answer: Encodable, Sendable {
    let text: String
    let pair: String?
    let label: String
    let probability: Float
    let probabilities: [String: Float]
  }

  /// A table of texts and classes.
  public static let fileForm =
    ".tsv, .csv or .jsonl with the columns text and label (and a second text, where texts are pairs)"

  /// The rows of a table, each with its label; rows of one group share a split.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try layout.reader(requiresLabel: true).read(path).compactMap { row in
      LabelledExample(row).map { FileExample($0, group: row.group) }
    }
  }

  /// The rows of a table.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [TextInput] {
    try layout.reader(requiresLabel: false).read(path).map { TextInput($0.text, $0.pair) }
  }

  /// The classes that occur.
  public static func configuration(
    _ examples: [LabelledExample<TextInput, String>], _ options: TaskOptions
  ) throws -> Configuration {
    Configuration(
      labels: try LabelSet(examples.map(\.gold)), pooling: options.pooling,
      hasDense: options.hasDense, prefix: options.prefix)
  }

  /// Weights by which all classes count the same.
  public static func classWeights(
    _ examples: [LabelledExample<TextInput, String>], _ configuration: Configuration
  ) -> [Float]? {
    configuration.labels.balancedWeights(examples.map(\.gold))
  }

  /// The class.
  public static func stratum(of gold: String) -> String? { gold }

  /// The class, and the probabilities of all.
  public func answer(_ prediction: Prediction, to input: TextInput) -> Answer {
    let names = configuration.labels.names
    return Answer(
      text: input.text, pair: input.pair, label: prediction.label,
      probability: prediction.probabilities.max() ?? 0,
      probabilities: Dictionary(
        zip(names, prediction.probabilities), uniquingKeysWith: { first, _ in first }))
  }

  /// Whether each example's class is right.
  public func shares(_ predictions: [Prediction], gold: [String]) -> [ScoreShare]? {
    zip(predictions, gold).map { ScoreShare($0.label.utf8.elementsEqual($1.utf8) ? 1 : 0) }
  }

  /// Texts with a wrong class.
  public func mistakes(
    _ predictions: [Prediction], gold: [String], inputs: [TextInput]
  ) -> [TaskMistake] {
    zip(zip(predictions, gold), inputs).compactMap { pair, input in
      pair.0.label.utf8.elementsEqual(pair.1.utf8)
        ? nil
        : TaskMistake(
          text: [input.text, input.pair].compactMap(\.self).joined(separator: " | "), gold: pair.1,
          predicted: pair.0.label, confidence: Double(pair.0.probabilities.max() ?? 0))
    }
  }
}
