// SPDX-License-Identifier: Apache-2.0

import Metrics
import Torch
import Transformers

/// A number for a text, or for a pair of texts as in semantic textual similarity.
///
/// The loss is the squared error of the number as a share of its range; scores are Spearman's and Pearson's correlations and the
/// mean absolute error.
public struct SequenceRegression: TuningTask {
  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// The least number, which the head says as 0.
    public var minimum: Double
    /// The greatest number, which the head says as 1.
    public var maximum: Double
    /// How tokens become one vector.
    public var pooling: Pooling
    /// Whether a layer with tanh stands before the map.
    public var hasDense: Bool
    /// What precedes each text.
    public var prefix: TextPrefix

    /// A configuration; without more, for numbers from 0 to 5, as similarity is judged.
    public init(
      minimum: Double = 0, maximum: Double = 5, pooling: Pooling = .first,
      hasDense: Bool = true, prefix: TextPrefix = .none
    ) {
      self.minimum = minimum
      self.maximum = maximum
      self.pooling = pooling
      self.hasDense = hasDense
      self.prefix = prefix
    }

    /// A number as a share of the range.
    func share(_ value: Double) throws(TaskError) -> Double {
      guard value >= minimum, value <= maximum, maximum > minimum else {
        throw TaskError(
          .label,
          "expected a number from \(minimum) to \(maximum), found \(value); "
            + "correct it, or widen the range")
      }
      return (value - minimum) / (maximum - minimum)
    }

    /// The number of a share; it may lie beyond the range.
    func value(_ share: Double) -> Double { minimum + share * (maximum - minimum) }
  }

  /// The task's name.
  public static let name = "sequence-regression"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// One feature: the row of the text or pair.
  public func features(
    of input: TextInput, gold: Double?, _ rows: RowEncoder
  ) throws -> [SequenceFeature<Float>] {
    let target = try gold.map { Float(try configuration.share($0)) }
    return [try SequenceFeature(input, target, prefix: configuration.prefix, rows)]
  }

  /// A map to one number.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try TaskHead(
      scope, body, outputs: 1, hasDense: configuration.hasDense)
  }

  /// The squared error, a row each.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<SequenceFeature<Float>>, _ head: TaskHead,
    _ settings: LossSettings
  ) throws -> LossSum {
    let said = try head(
      configuration.pooling(states, batch.packed), dropout: settings.dropout
    ).reshaped([-1])  // [rows]
    let losses = try said.subtracting(Tensor(batch.targets(\.target))).power(2)
    return try LossSum(losses, weights: batch.weights(of: Array(batch.features.indices)))
  }

  /// Each row's share of the range.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<SequenceFeature<Float>>, _ head: TaskHead
  ) throws -> [Float] {
    try head(configuration.pooling(states, batch.packed)).elements(as: Float.self)
  }

  /// The number.
  public func prediction(
    _ outputs: [Float], _ features: [SequenceFeature<Float>], _ input: TextInput
  ) throws -> Double {
    configuration.value(Double(outputs[0]))
  }

  /// Correlations and the mean absolute error.
  public func scores(_ predictions: [Double], gold: [Double]) throws -> [TaskScore] {
    try check(predictions, gold)
    return try TaskScore.correlations(predictions, gold) + [
      TaskScore(
        "mean_absolute_error",
        zip(predictions, gold).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(gold.count))
    ]
  }
}

extension TaskScore {
  /// Spearman's and Pearson's correlations; without two examples they are not defined.
  static func correlations(_ predictions: [Double], _ gold: [Double]) throws -> [TaskScore] {
    [
      TaskScore("spearman", try Correlation.spearman(predictions, gold).coefficient),
      TaskScore("pearson", try Correlation.pearson(predictions, gold).coefficient),
    ]
  }
}
