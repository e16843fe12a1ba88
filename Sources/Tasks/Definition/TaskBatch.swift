// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Features whose rows are laid end to end for the encoder.
public struct TaskBatch<Feature: TaskFeature> {
  /// The features.
  public let features: [Feature]
  /// Their rows, those of the first feature first.
  public let packed: PackedBatch
  /// For each feature, the number of its first row.
  public let firstRows: [Int]
  /// What each feature's loss counts, as the weight of its language; 1 where it is nil.
  public let weights: [Float]?

  /// Packs features.
  ///
  /// - Parameters:
  ///   - features: some features, at least one.
  ///   - weights: what each feature's loss counts; nil for all the same.
  ///   - pieces: the pieces of a restricted encoder (``Encoder/restricted(to:)``), in whose ids rows are then written.
  ///   - configuration: the encoder that the batch is for.
  public init(
    _ features: [Feature], weights: [Float]? = nil, pieces: PieceSubset? = nil,
    for configuration: EncoderConfiguration
  ) throws {
    self.features = features
    self.weights = weights
    var first = 0
    firstRows = features.map { feature in
      defer { first += feature.rows.count }
      return first
    }
    let rows = features.flatMap(\.rows)
    let ids = rows.map(\.ids)
    let hasTypes = rows.contains { $0.types.contains { $0 != 0 } }
    packed = try PackedBatch(
      pieces?.renumbered(ids) ?? ids, typeRows: hasTypes ? rows.map(\.types) : nil,
      for: configuration)
  }

  /// What features should say, as their makers noted it; features that were made to predict are a programmer's mistake.
  func targets<Target>(_ path: KeyPath<Feature, Target?>) -> [Target] {
    features.map { feature in
      guard let target = feature[keyPath: path] else {
        preconditionFailure("a loss was asked for features that were made to predict")
      }
      return target
    }
  }

  /// The weight of each of some items by the feature that it belongs to.
  func weights(of owners: [Int]) -> [Float] {
    owners.map { weights?[$0] ?? 1 }
  }

  /// The places among the batch's tokens of some tokens of a feature's row.
  func places(_ tokens: [Int], feature: Int, row: Int = 0) -> [Int64] {
    let start = packed.firstTokens[firstRows[feature] + row]
    return tokens.map { Int64(start + $0) }
  }
}

/// A sum of losses, and the sum of their weights.
///
/// Kept apart, so that the mean over several batches is that over all their items, whatever their sizes.
public struct LossSum {
  /// The sum of weighted losses, a scalar with gradients.
  public var total: Tensor
  /// The sum of weights; 0 where a batch has nothing to learn from.
  public var weight: Double

  /// A sum and its weight.
  public init(_ total: Tensor, weight: Double) {
    self.total = total
    self.weight = weight
  }

  /// The sum of losses `[items]`, each times its weight.
  ///
  /// - Parameters:
  ///   - weights: one factor per item.
  ///   - counts: what each item adds to the weight beside that, as its class's weight, which is in the losses already.
  init(_ losses: Tensor, weights: [Float], counts: [Float]? = nil) throws(TorchError) {
    let isPlain = weights.allSatisfy { $0 == 1 }
    total = isPlain ? try losses.sum() : try losses.multiplied(by: Tensor(weights)).sum()
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      sum += Double(weight) * Double(counts?[index] ?? 1)
    }
    weight = sum
  }

  /// The weighted mean; 0 for no weight.
  public func mean() throws(TorchError) -> Tensor {
    weight == 0 ? total : try total.multiplied(by: 1 / weight)
  }
}

/// How a loss is computed, beyond what belongs to the task.
public struct LossSettings: Sendable, Equatable, Codable {
  /// The share of probability that is spread over all classes; 0 by default.
  public var labelSmoothing: Double
  /// What each class counts, in the order of the head's labels; nil, the default, for all the same.
  public var classWeights: [Float]?
  /// Dropout in front of the head; 0 by default.
  public var dropout: Double

  /// Settings; without any, the plain loss.
  public init(labelSmoothing: Double = 0, classWeights: [Float]? = nil, dropout: Double = 0) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
    self.dropout = dropout
  }
}
