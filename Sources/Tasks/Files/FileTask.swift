// SPDX-License-Identifier: Apache-2.0

/// A task whose examples stand in files of a known form, so that commands and recipes can tune it, run it and measure it.
///
/// What commands know of a task is this and ``TuningTask``, nothing else.
public protocol FileTask: TuningTask {
  /// What is written of a prediction: what was asked, and what was answered.
  associatedtype Answer: Encodable & Sendable

  /// What its files are, in a few words, for help and errors.
  static var fileForm: String { get }

  /// The labelled examples of a file.
  ///
  /// - Throws: `CorpusError` and `TaskError` with file and line.
  static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>]

  /// The examples of a file, labelled or not, to predict on.
  static func inputs(_ path: String, _ layout: TaskLayout) throws -> [Input]

  /// What a head for these examples needs to know.
  ///
  /// - Throws: `TaskError` where nothing can be learned from them, as from examples of one class.
  static func configuration(
    _ examples: [LabelledExample<Input, Gold>], _ options: TaskOptions
  ) throws -> Configuration

  /// What each class counts so that all count the same; nil for a task without classes.
  static func classWeights(
    _ examples: [LabelledExample<Input, Gold>], _ configuration: Configuration
  ) -> [Float]?

  /// What examples are drawn as many of each of, as a class; nil where they are all of one kind.
  static func stratum(of gold: Gold) -> String?

  /// An example whose text is put in other words that leave what is true of it true: of pairs of a query or question and a passage the
  /// former alone.
  static func rewritten(
    _ example: LabelledExample<Input, Gold>, by rewrite: (String) -> String
  ) -> LabelledExample<Input, Gold>

  /// Whether ``rewritten(_:by:)`` goes through one sentence word by word, and not through texts that stand for themselves.
  static var rewritesWords: Bool { get }

  /// What is written of a prediction.
  func answer(_ prediction: Prediction, to input: Input) -> Answer

  /// What each example adds to the score that counts first, where that score is the quotient of two sums; nil where it is none.
  func shares(_ predictions: [Prediction], gold: [Gold]) throws -> [ScoreShare]?

  /// Examples that were answered wrongly, with how sure the model was; for people to look at.
  func mistakes(_ predictions: [Prediction], gold: [Gold], inputs: [Input]) -> [TaskMistake]
}

extension FileTask {
  /// None: the task has no classes.
  public static func classWeights(
    _ examples: [LabelledExample<Input, Gold>], _ configuration: Configuration
  ) -> [Float]? { nil }

  /// No: through texts.
  public static var rewritesWords: Bool { false }

  /// None: all examples are of one kind.
  public static func stratum(of gold: Gold) -> String? { nil }
}

extension FileTask where Input == TextInput {
  /// Both texts in other words.
  public static func rewritten(
    _ example: LabelledExample<TextInput, Gold>, by rewrite: (String) -> String
  ) -> LabelledExample<TextInput, Gold> {
    let input = TextInput(rewrite(example.input.text), example.input.pair.map(rewrite))
    return LabelledExample(input, example.gold)
  }
}
