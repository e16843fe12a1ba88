// SPDX-License-Identifier: Apache-2.0

import Corpora

/// What is written of a text, or of a pair, that got a number.
public struct ScoreAnswer: Encodable, Sendable {
  let text: String
  let pair: String?
  let score: Double
}

/// Tables of texts, or pairs of texts, with numbers.
enum ScoredTable {
  static func examples<Task: TuningTask>(
    _ path: String, _ reader: ExampleReader
  ) throws -> [FileExample<Task>] where Task.Input == TextInput, Task.Gold == Double {
    let stream = try reader.open(path)
    var result: [FileExample<Task>] = []
    while let row = try stream.nextScored() {
      result.append(FileExample(LabelledExample(row), group: row.example.group))
    }
    return result
  }

  /// The range of numbers that examples have, widened where they are all the same.
  static func range(
    _ examples: [LabelledExample<TextInput, Double>], _ options: TaskOptions
  ) -> (minimum: Double, maximum: Double) {
    let values = examples.map(\.gold)
    let low = options.minimum ?? values.min() ?? 0
    let high = options.maximum ?? values.max() ?? 1
    return (low, high > low ? high : low + 1)
  }
}

extension SequenceRegression: FileTask {
  /// A table of texts and numbers.
  public static let fileForm =
    ".tsv, .csv or .jsonl with the columns text and score (and a second text, where texts are pairs)"

  /// The rows of a table, each with its number.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try ScoredTable.examples(path, layout.reader(label: "score", requiresLabel: true))
  }

  /// The rows of a table.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [TextInput] {
    try layout.reader(label: "score", requiresLabel: false).read(path)
      .map { TextInput($0.text, $0.pair) }
  }

  /// The range of the examples' numbers.
  public static func configuration(
    _ examples: [LabelledExample<TextInput, Double>], _ options: TaskOptions
  ) throws -> Configuration {
    let range = ScoredTable.range(examples, options)
    return Configuration(
      minimum: range.minimum, maximum: range.maximum, pooling: options.pooling,
      hasDense: options.hasDense, prefix: options.prefix)
  }

  /// The number.
  public func answer(_ prediction: Double, to input: TextInput) -> ScoreAnswer {
    ScoreAnswer(text: input.text, pair: input.pair, score: prediction)
  }

  /// A correlation is no quotient of two sums.
  public func shares(_ predictions: [Double], gold: [Double]) -> [ScoreShare]? { nil }

  /// None: no number is simply wrong.
  public func mistakes(
    _ predictions: [Double], gold: [Double], inputs: [TextInput]
  ) -> [TaskMistake] { [] }
}

extension SemanticSimilarity: FileTask {
  /// A table of pairs and judgements.
  public static let fileForm = ".tsv, .csv or .jsonl with the columns text, pair and score"

  /// The rows of a table, each with its judgement.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try ScoredTable.examples(path, layout.reader(pair: "pair", label: "score", requiresLabel: true))
  }

  /// The rows of a table.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [TextInput] {
    try layout.reader(pair: "pair", label: "score", requiresLabel: false).read(path)
      .map { TextInput($0.text, $0.pair) }
  }

  /// The range of the examples' judgements.
  public static func configuration(
    _ examples: [LabelledExample<TextInput, Double>], _ options: TaskOptions
  ) throws -> Configuration {
    let range = ScoredTable.range(examples, options)
    return Configuration(
      vectors: options.vectors, minimum: range.minimum, maximum: range.maximum)
  }

  /// The cosine.
  public func answer(_ prediction: Double, to input: TextInput) -> ScoreAnswer {
    ScoreAnswer(text: input.text, pair: input.pair, score: prediction)
  }

  /// A correlation is no quotient of two sums.
  public func shares(_ predictions: [Double], gold: [Double]) -> [ScoreShare]? { nil }

  /// None: no cosine is simply wrong.
  public func mistakes(
    _ predictions: [Double], gold: [Double], inputs: [TextInput]
  ) -> [TaskMistake] { [] }
}

extension TaskOptions {
  /// How texts become vectors that are compared.
  var vectors: VectorConfiguration {
    VectorConfiguration(pooling: pooling, prefix: prefix, pairPrefix: passagePrefix ?? prefix)
  }
}
