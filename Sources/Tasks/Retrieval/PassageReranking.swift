// SPDX-License-Identifier: Apache-2.0

import Metrics
import Torch
import Transformers

/// An order for passages that were found for a query: query and passage are read together, which is slow and precise.
///
/// Source: Nogueira and Cho, "Passage re-ranking with BERT", 2019; Gao and others, "Rethink training of BERT rerankers in
/// multi-stage retrieval pipeline", 2021, for the loss over a query's passages.
public struct PassageReranking: TuningTask {
  /// What learning compares.
  public enum Objective: String, Codable, Sendable, CaseIterable {
    /// The passages of a query with each other.
    case listwise
    /// Each passage with what is true of it.
    case pointwise
  }

  /// A query and the passages that were found for it.
  public struct Input: Sendable, Hashable, Codable {
    /// The query.
    public var query: String
    /// The passages.
    public var passages: [String]

    /// A query and passages.
    public init(_ query: String, passages: [String]) {
      self.query = query
      self.passages = passages
    }
  }

  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// What learning compares.
    public var objective: Objective
    /// How tokens become one vector.
    public var pooling: Pooling
    /// Whether a layer with tanh stands before the map.
    public var hasDense: Bool

    /// A configuration; without more, the first token through a layer, and passages compared with each other.
    public init(
      objective: Objective = .listwise, pooling: Pooling = .first, hasDense: Bool = true
    ) {
      self.objective = objective
      self.pooling = pooling
      self.hasDense = hasDense
    }
  }

  /// A query's passages: all in one feature to learn from, one in each to predict.
  public struct Feature: TaskFeature {
    /// A row for each passage, behind the query.
    public let rows: [TokenRow]
    /// The passages that belong to the query; nil to predict.
    public let relevant: [Int]?
  }

  /// The order of passages.
  public struct Prediction: Sendable, Hashable, Codable {
    /// Each passage's score, in the order in which they were given; comparable for one query only.
    public var scores: [Float]
    /// The passages from the best on, of equal ones the earlier first.
    public var order: [Int]
  }

  /// The task's name.
  public static let name = "passage-reranking"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The rows of a query's passages.
  ///
  /// - Parameter gold: the places of the passages that belong to the query; queries without one teach nothing by comparison.
  public func features(of input: Input, gold: [Int]?, _ rows: RowEncoder) throws -> [Feature] {
    let pairs = try input.passages.map { try rows.row(input.query, $0) }
    guard let gold else { return pairs.map { Feature(rows: [$0], relevant: nil) } }
    if let place = gold.first(where: { !pairs.indices.contains($0) }) {
      throw TaskError(
        .label, "expected places of passages from 0 to \(pairs.count - 1), found \(place)")
    }
    let teaches =
      configuration.objective == .pointwise || !gold.isEmpty && gold.count < pairs.count
    return pairs.isEmpty || !teaches
      ? [] : [Feature(rows: pairs, relevant: Set(gold).sorted())]
  }

  /// A map to one score.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try TaskHead(
      scope, body, outputs: 1, hasDense: configuration.hasDense)
  }

  private func logits(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, dropout: Double = 0
  ) throws -> Tensor {
    try head(configuration.pooling(states, batch.packed), dropout: dropout).reshaped([-1])
  }

  /// For each query the mean over its own passages of their cross-entropy against the others; or for each passage its own.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, _ settings: LossSettings
  ) throws -> LossSum {
    let logits = try logits(states, batch, head, dropout: settings.dropout)  // [rows]
    let relevant = batch.targets(\.relevant)
    var losses: [Tensor] = []
    var owners: [Int] = []
    for (index, feature) in batch.features.enumerated() {
      let count = feature.rows.count
      let scores = try logits.narrowed(0, start: batch.firstRows[index], length: count)
      switch configuration.objective {
      case .pointwise:
        let targets = (0..<count).map { Float(relevant[index].contains($0) ? 1 : 0) }
        losses.append(try scores.binaryCrossEntropies(Tensor(targets)))
        owners += [Int](repeating: index, count: count)
      case .listwise:
        // Other right passages stay out of the comparison.
        let parts = try relevant[index].map { place in
          let others = (0..<count).filter { $0 == place || !relevant[index].contains($0) }
          let row = try scores.gathered(0, Tensor(others.map(Int64.init))).expanded(0)
          let target = Int64(others.firstIndex(of: place) ?? 0)
          return try row.crossEntropies(
            Tensor([target]), labelSmoothing: settings.labelSmoothing)  // [1]
        }
        losses.append(try Tensor.concatenated(parts).mean([0], keeping: true))
        owners.append(index)
      }
    }
    return try LossSum(Tensor.concatenated(losses), weights: batch.weights(of: owners))
  }

  /// The score of each feature's passage.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead
  ) throws -> [[Float]] {
    let all = try logits(states, batch, head).elements(as: Float.self)
    return batch.features.indices.map { index in
      let start = batch.firstRows[index]
      return Array(all[start..<start + batch.features[index].rows.count])
    }
  }

  /// The order of a query's passages.
  public func prediction(
    _ outputs: [[Float]], _ features: [Feature], _ input: Input
  ) throws -> Prediction {
    let scores = Array(outputs.joined())
    return Prediction(
      scores: scores,
      order: scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) })
  }

  /// The mean reciprocal rank, nDCG@10 and precision at 1 over queries that have a right passage.
  public func scores(_ predictions: [Prediction], gold: [[Int]]) throws -> [TaskScore] {
    try check(predictions, gold)
    let rankings = zip(predictions, gold).filter { !$1.isEmpty }.map {
      RankingScore(scores: $0.scores, relevant: Set($1))
    }
    func mean(_ value: (RankingScore) -> Double) -> Double {
      rankings.reduce(0) { $0 + value($1) } / Double(rankings.count)
    }
    return [
      TaskScore("mrr", mean(\.reciprocalRank)),
      TaskScore("ndcg_at_10", mean { $0.normalizedGain(at: 10) }),
      TaskScore("precision_at_1", mean { $0.precision(at: 1) }),
    ]
  }
}
