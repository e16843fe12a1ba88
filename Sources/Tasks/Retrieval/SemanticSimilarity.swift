// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// How alike two texts are, as the cosine of their vectors: each is encoded by itself, so that vectors can be kept and searched.
///
/// The loss is the squared difference between cosine and judgement, a share of its range; scores are Spearman's and Pearson's
/// correlations.
///
/// Source: Reimers and Gurevych, "Sentence-BERT", 2019, the regression objective.
public struct SemanticSimilarity: TuningTask {
  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// How texts become vectors.
    public var vectors: VectorConfiguration
    /// The judgement of texts that have nothing in common.
    public var minimum: Double
    /// The judgement of texts that say the same.
    public var maximum: Double

    /// A configuration; judgements are 0 to 5 by default.
    public init(
      vectors: VectorConfiguration = VectorConfiguration(), minimum: Double = 0,
      maximum: Double = 5
    ) {
      self.vectors = vectors
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  /// The task's name.
  public static let name = "semantic-similarity"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// One feature of two rows.
  ///
  /// - Throws: `TaskError` for a text without its pair, or a judgement out of range.
  public func features(
    of input: TextInput, gold: Double?, _ rows: RowEncoder
  ) throws -> [PairFeature<Float>] {
    guard let pair = input.pair else {
      throw TaskError(.examples, "expected two texts to compare, found one")
    }
    let scale = SequenceRegression.Configuration(
      minimum: configuration.minimum, maximum: configuration.maximum)
    let target = try gold.map { Float(try scale.share($0)) }
    let vectors = configuration.vectors
    return [
      PairFeature(
        vectors.prefix.text + input.text, [vectors.pairPrefix.text + pair], target, rows)
    ]
  }

  /// A linear map of vectors, where one is wanted.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try configuration.vectors.head(scope, body)
  }

  /// The squared error of cosines, a pair each.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<PairFeature<Float>>, _ head: TaskHead,
    _ settings: LossSettings
  ) throws -> LossSum {
    let vectors = try configuration.vectors.vectors(
      states, batch.packed, head, dropout: settings.dropout)
    let first = try vectors.gathered(0, Tensor(batch.firstRows.map(Int64.init)))
    let second = try vectors.gathered(0, Tensor(batch.firstRows.map { Int64($0 + 1) }))
    let cosines = try first.multiplied(by: second).sum([1])  // [pairs]
    return try LossSum(
      cosines.subtracting(Tensor(batch.targets(\.target))).power(2),
      weights: batch.weights(of: Array(batch.features.indices)))
  }

  /// Each pair's cosine.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<PairFeature<Float>>, _ head: TaskHead
  ) throws -> [Double] {
    try configuration.vectors.pairs(states, batch, head).map(\.cosine)
  }

  /// The cosine.
  public func prediction(
    _ outputs: [Double], _ features: [PairFeature<Float>], _ input: TextInput
  ) throws -> Double { outputs[0] }

  /// Correlations of cosines with judgements.
  public func scores(_ predictions: [Double], gold: [Double]) throws -> [TaskScore] {
    try check(predictions, gold)
    return try TaskScore.correlations(predictions, gold)
  }
}
