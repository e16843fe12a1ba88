// SPDX-License-Identifier: Apache-2.0

/// What a served model is and what it can do; shown by `GET /info`.
public struct ServedModelInfo: Sendable, Equatable {
  /// What the texts of each kind of request begin with, for models trained that way.
  public struct Prefixes: Sendable, Equatable {
    /// Before a text to search with or to compare, for instance `"query: "`; empty for none.
    public var query: String
    /// Before a text to be found, for instance `"passage: "`; empty for none.
    public var passage: String
    /// Before a text to classify: the prefix that the classifier was trained with; empty for none.
    public var classification: String

    /// The prefixes of a model; all empty by default.
    public init(query: String = "", passage: String = "", classification: String = "") {
      self.query = query
      self.passage = passage
      self.classification = classification
    }

    /// What multilingual-e5 was trained with: `"query: "` and `"passage: "`.
    public static let e5 = Prefixes(
      query: "query: ", passage: "passage: ", classification: "query: ")
  }

  /// The model's name, as callers see it.
  public var name: String
  /// A version or content hash that tells two releases of the same name apart.
  public var version: String
  /// The task, for instance `"classification"` or `"embedding"`.
  public var task: String
  /// The classifier's labels in the order of its probabilities; empty for a model without a head.
  public var labels: [String]
  /// The languages that the model was measured on, as BCP-47 codes; empty where that is not known.
  public var languages: [String]
  /// How many numbers an embedding has.
  public var dimensions: Int
  /// The longest input in tokens, special tokens included.
  public var maximumLength: Int
  /// How many ids the vocabulary has: the bound for callers who send ids instead of text.
  public var vocabularySize: Int
  /// What texts are to begin with.
  public var prefixes: Prefixes

  /// The description of a model.
  public init(
    name: String,
    version: String,
    task: String,
    labels: [String] = [],
    languages: [String] = [],
    dimensions: Int,
    maximumLength: Int,
    vocabularySize: Int,
    prefixes: Prefixes = Prefixes()
  ) {
    self.name = name
    self.version = version
    self.task = task
    self.labels = labels
    self.languages = languages
    self.dimensions = dimensions
    self.maximumLength = maximumLength
    self.vocabularySize = vocabularySize
    self.prefixes = prefixes
  }
}
