// SPDX-License-Identifier: Apache-2.0

/// Everything that a transfer report shows, as plain data.
///
/// A report knows nothing of models or files: whoever ran the job fills this in. Numbers that were
/// not measured are nil (NaN is read as nil) and shown as a dash. Nothing here is a date, so
/// that the same evidence gives the same page.
public struct TransferReport: Sendable, Equatable, Codable {
  /// The page's title, such as `Intents from English`.
  public var title: String
  /// What is decided, in a word or two, such as `intents`; it stands in the headline.
  public var task: String
  /// What the score that counts is called, such as `F1`; nil for accuracy, of a task with classes.
  public var measure: String?
  /// The code of the language whose labels were learnt from.
  public var sourceLanguage: String
  /// Names and other facts of the languages; a language that is missing is shown by its code.
  public var languages: [Language]
  /// Facts for the head of the page, such as the recipe's name, seed and version.
  public var header: [Field]
  /// The ways of making the model that are compared, in the order in which they are shown.
  public var methods: [Method]
  /// The name of the method that the headline speaks of; nil for the one with the best mean over
  /// the other languages.
  public var headlineMethod: String?
  /// One entry per language and method.
  public var scores: [Score]
  /// Confusion matrices, such as of the source language and of all others pooled.
  public var confusions: [ConfusionTable]
  /// Reliability diagrams of the same groups.
  public var reliability: [ReliabilityTable]
  /// The representation space, flattened to two dimensions.
  public var projection: Projection?
  /// The most confident mistakes, the worst first.
  public var mistakes: [Mistake]
  /// Where the data came from.
  public var datasets: [Dataset]
  /// The pretrained encoder that everything started from.
  public var baseEncoder: [Field]
  /// The resolved recipe, as YAML.
  public var recipe: String
  /// What each stage cost.
  public var stages: [Stage]
  /// The most memory the job held, in bytes.
  public var peakMemoryBytes: Int?
  /// What a reader should know before trusting the numbers, a paragraph each.
  public var notes: [String]

  /// Starts a report; everything that is not given is empty.
  public init(
    title: String, task: String, sourceLanguage: String, languages: [Language] = [],
    header: [Field] = [], methods: [Method] = [], headlineMethod: String? = nil,
    scores: [Score] = [], confusions: [ConfusionTable] = [],
    reliability: [ReliabilityTable] = [], projection: Projection? = nil,
    mistakes: [Mistake] = [], datasets: [Dataset] = [], baseEncoder: [Field] = [],
    recipe: String = "", stages: [Stage] = [], peakMemoryBytes: Int? = nil, notes: [String] = []
  ) {
    self.title = title
    self.task = task
    self.sourceLanguage = sourceLanguage
    self.languages = languages
    self.header = header
    self.methods = methods
    self.headlineMethod = headlineMethod
    self.scores = scores
    self.confusions = confusions
    self.reliability = reliability
    self.projection = projection
    self.mistakes = mistakes
    self.datasets = datasets
    self.baseEncoder = baseEncoder
    self.recipe = recipe
    self.stages = stages
    self.peakMemoryBytes = peakMemoryBytes
    self.notes = notes
  }
}
