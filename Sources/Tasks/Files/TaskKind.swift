// SPDX-License-Identifier: Apache-2.0

/// The tasks that commands and recipes know, by the names that they have there.
public enum TaskKind: String, Sendable, Codable, CaseIterable {
  /// A class for a text or a pair of texts.
  case classification
  /// A number for a text or a pair of texts.
  case regression
  /// A tag for each word.
  case tagging
  /// Answers to questions, as stretches of a text.
  case answering
  /// How alike two texts are, by their vectors.
  case similarity
  /// The passage that belongs to a query, by their vectors.
  case retrieval
  /// The order of a query's passages, each read with the query.
  case reranking

  /// The task itself.
  public var task: any FileTask.Type {
    switch self {
    case .classification: SequenceClassification.self
    case .regression: SequenceRegression.self
    case .tagging: TokenTagging.self
    case .answering: ExtractiveAnswering.self
    case .similarity: SemanticSimilarity.self
    case .retrieval: TextRetrieval.self
    case .reranking: PassageReranking.self
    }
  }

  /// Whether a head reads one vector of a text, and not the states of its tokens.
  public var poolsStates: Bool { self != .tagging && self != .answering }

  /// Whether answers are classes of a text or of its words, which those to a translation can be compared with.
  public var agrees: Bool { task is any AgreeingTask.Type }

  /// The kind whose heads have a name, as `task.json` says it; nil for none.
  public init?(taskName name: String) {
    guard let kind = Self.allCases.first(where: { $0.task.name == name }) else { return nil }
    self = kind
  }
}
