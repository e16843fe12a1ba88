// SPDX-License-Identifier: Apache-2.0

import Corpora
import Transformers

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
}

/// A labelled example of a file.
public struct FileExample<Task: TuningTask>: Sendable {
  /// The example.
  public var example: LabelledExample<Task.Input, Task.Gold>
  /// What it must share a split with: its paragraph, its template; nil for nothing.
  public var group: String?

  /// An example and its group.
  public init(_ example: LabelledExample<Task.Input, Task.Gold>, group: String? = nil) {
    self.example = example
    self.group = group
  }
}

/// What one example adds to a score that is the quotient of two sums, as accuracy and F1 over entities are.
public struct ScoreShare: Sendable, Hashable {
  /// What it adds above.
  public var part: Double
  /// What it adds below.
  public var whole: Double

  /// A share of a score.
  public init(_ part: Double, of whole: Double = 1) {
    self.part = part
    self.whole = whole
  }
}

/// An example that was answered wrongly.
public struct TaskMistake: Sendable, Hashable {
  /// The example, as text.
  public var text: String
  /// What is true of it.
  public var gold: String
  /// What was answered.
  public var predicted: String
  /// How sure the model was, 0...1.
  public var confidence: Double
}

/// Where a task's files have what it needs.
public struct TaskLayout: Sendable, Equatable, Codable {
  /// The column or key of the text, or of the first text of a pair; nil for the task's usual one.
  public var text: String?
  /// The column or key of the second text; nil for the task's usual one, or none.
  public var pair: String?
  /// The column or key of the label, score or tag; nil for the task's usual one.
  public var label: String?
  /// A file of passages, a line each, that belong to the lines of the file itself; for retrieval.
  public var passages: String?

  /// The task's usual columns.
  public init() {}

  /// A reader of texts with the columns of this layout, or else those of a task.
  func reader(
    text: String = "text", pair: String? = nil, label: String = "label", requiresLabel: Bool
  ) -> ExampleReader {
    var reader = ExampleReader()
    reader.textColumn = self.text ?? text
    reader.pairColumn = self.pair ?? pair
    reader.labelColumn = self.label ?? label
    reader.requiresLabel = requiresLabel
    return reader
  }
}

/// How a task is to be set up, beyond what its examples say; what is nil is the task's own default.
public struct TaskOptions: Sendable, Equatable, Codable {
  /// What precedes each text.
  public var prefix = TextPrefix.none
  /// What precedes passages, where texts and passages are told apart; the text's own when nil.
  public var passagePrefix: TextPrefix?
  /// How tokens become one vector: the mean by default.
  public var pooling = Pooling.mean
  /// Whether a layer with tanh stands before the map to classes.
  public var hasDense = false
  /// What tags are; told by their spelling when nil.
  public var tags: TokenTagging.Kind?
  /// How tags of entities are chosen.
  public var decoding: TokenTagging.Decoding?
  /// Tokens that windows of a long text share.
  public var stride: Int?
  /// The most tokens of a window with a question.
  public var window: Int?
  /// The most tokens of an answer.
  public var answerLength: Int?
  /// Whether "no answer" is an answer; told by the examples when nil.
  public var allowsNoAnswer: Bool?
  /// The least number of a regression; that of the examples when nil.
  public var minimum: Double?
  /// The greatest number of a regression; that of the examples when nil.
  public var maximum: Double?
  /// What cosines are divided by in learning to retrieve.
  public var temperature: Double?
  /// Whether passages look for their queries too, as between translations.
  public var isSymmetric: Bool?
  /// Whether passages are compared with each other or judged each by itself, in reranking.
  public var objective: PassageReranking.Objective?

  /// The defaults.
  public init() {}
}
