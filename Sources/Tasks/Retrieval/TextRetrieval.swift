// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers
import WordVectors

/// Finding, by vectors, the text that belongs to another: a passage for a query, a translation for a sentence.
///
/// Learning pulls each query to its own passage and away from all others of the batch, and from negatives of its own: cross-entropy
/// of cosines over a temperature, "InfoNCE" or "multiple negatives". The larger the batch, the more it says; the loss of a batch is
/// not the sum of its parts'.
///
/// Sources: van den Oord and others, "Representation learning with contrastive predictive coding", 2018; Henderson and others,
/// "Efficient natural language response suggestion", 2017; Karpukhin and others, "Dense passage retrieval", 2020.
public struct TextRetrieval: TuningTask {
  /// A query and what belongs to it.
  public struct Input: Sendable, Hashable, Codable {
    /// The query.
    public var query: String
    /// The passage that belongs to it.
    public var passage: String
    /// Passages that do not, beside those of other queries; only learning reads them.
    public var negatives: [String]

    /// A query with its passage, and negatives where there are some.
    public init(_ query: String, _ passage: String, negatives: [String] = []) {
      self.query = query
      self.passage = passage
      self.negatives = negatives
    }
  }

  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// How texts become vectors.
    public var vectors: VectorConfiguration
    /// What cosines are divided by; 0.05.
    public var temperature: Double
    /// Whether passages look for their queries too, as between translations; they do not by default.
    public var isSymmetric: Bool

    /// A configuration.
    public init(
      vectors: VectorConfiguration = VectorConfiguration(), temperature: Double = 0.05,
      isSymmetric: Bool = false
    ) {
      self.vectors = vectors
      self.temperature = temperature
      self.isSymmetric = isSymmetric
    }
  }

  /// The vectors of a query and of its passage, which indexes are made of.
  public struct Prediction: Sendable, Hashable, Codable {
    /// The query's, of length one.
    public let query: [Float]
    /// The passage's, of length one.
    public let passage: [Float]
  }

  /// The task's name.
  public static let name = "text-retrieval"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// One feature of two rows, and of one more for each negative.
  ///
  /// - Parameter gold: the passage's number; queries of one number share their passage and are no negatives of each other.
  public func features(
    of input: Input, gold: Int?, _ rows: RowEncoder
  ) throws -> [PairFeature<Int>] {
    let prefix = configuration.vectors.pairPrefix.text
    let others = [input.passage] + (gold == nil ? [] : input.negatives)
    return [
      PairFeature(
        configuration.vectors.prefix.text + input.query, others.map { prefix + $0 }, gold, rows)
    ]
  }

  /// A linear map of vectors, where one is wanted.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try configuration.vectors.head(scope, body)
  }

  /// Cross-entropy of each query over all passages of the batch, and the other way where that is wanted.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<PairFeature<Int>>, _ head: TaskHead,
    _ settings: LossSettings
  ) throws -> LossSum {
    guard configuration.temperature > 0 else {
      throw TaskError(
        .training, "expected a temperature above 0, found \(configuration.temperature)")
    }
    let vectors = try configuration.vectors.vectors(
      states, batch.packed, head, dropout: settings.dropout)
    let own = batch.firstRows.map { Int64($0 + 1) }
    let further = batch.firstRows.indices.flatMap { index in
      let start = batch.firstRows[index]
      return (2..<batch.features[index].rows.count).map { Int64(start + $0) }
    }
    let queries = try vectors.gathered(0, Tensor(batch.firstRows.map(Int64.init)))
    let passages = try vectors.gathered(0, Tensor(own + further))
    let numbers = batch.features.map(\.target)
    let count = batch.features.count
    let cosines = try queries.matmul(passages.transposed())
      .multiplied(by: 1 / configuration.temperature)
      .adding(Self.mask(numbers, columns: count + further.count))  // [queries, passages]
    let targets = try Tensor.indices(count)
    let smoothing = settings.labelSmoothing
    var losses = try cosines.crossEntropies(targets, labelSmoothing: smoothing)
    if configuration.isSymmetric {
      let back = try cosines.narrowed(1, start: 0, length: count).transposed()
        .crossEntropies(targets, labelSmoothing: smoothing)
      losses = try losses.adding(back).multiplied(by: 0.5)
    }
    return try LossSum(losses, weights: batch.weights(of: Array(batch.features.indices)))
  }

  /// A large negative number for each pair of different queries that share a passage.
  private static func mask(_ numbers: [Int?], columns: Int) throws(TorchError) -> Tensor {
    var mask = [Float](repeating: 0, count: numbers.count * columns)
    for (row, number) in numbers.enumerated() {
      for (column, other) in numbers.enumerated() where column != row && number == other {
        mask[row * columns + column] = -1e4
      }
    }
    return try Tensor(mask, shape: [numbers.count, columns])
  }

  /// Both texts' vectors.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<PairFeature<Int>>, _ head: TaskHead
  ) throws -> [VectorPair] {
    try configuration.vectors.pairs(states, batch, head)
  }

  /// Both texts' vectors.
  public func prediction(
    _ outputs: [VectorPair], _ features: [PairFeature<Int>], _ input: Input
  ) throws -> Prediction {
    Prediction(query: outputs[0].first, passage: outputs[0].second)
  }

  /// How often a query's own passage is the nearest of all, the mean reciprocal rank, and both the other way round.
  ///
  /// What is as near as the own one stands before it, so that nothing is won by equal vectors.
  public func scores(_ predictions: [Prediction], gold: [Int]) throws -> [TaskScore] {
    try check(predictions, gold)
    let ranks = Self.ranks(predictions, gold: gold)
    let (forward, backward) = (RetrievalRanks(ranks.forward), RetrievalRanks(ranks.backward))
    return [
      TaskScore("accuracy_at_1", forward.precision(at: 1)),
      TaskScore("mrr", forward.meanReciprocalRank),
      TaskScore("backward_accuracy_at_1", backward.precision(at: 1)),
      TaskScore("backward_mrr", backward.meanReciprocalRank),
    ]
  }

  /// The place, from 1, of each query's own passage among all, and of each passage's own query.
  static func ranks(
    _ predictions: [Prediction], gold: [Int]
  ) -> (forward: [Int], backward: [Int]) {
    func matrix(_ part: (Prediction) -> [Float]) -> Matrix {
      Matrix(rows: predictions.map { part($0).map(Double.init) })
    }
    let cosines = matrix(\.query).times(matrix(\.passage).transposed)
    func ranks(_ scores: Matrix) -> [Int] {
      (0..<scores.rows).map { row in
        (0..<scores.columns).reduce(1) { rank, column in
          let isAhead = scores[row, column] >= scores[row, row] && gold[column] != gold[row]
          return isAhead ? rank + 1 : rank
        }
      }
    }
    return (ranks(cosines), ranks(cosines.transposed))
  }
}
