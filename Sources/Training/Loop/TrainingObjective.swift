// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// What a ``TrainingLoop`` makes smaller.
public protocol TrainingObjective {
  /// How many examples there are; the loop names them by their index.
  var exampleCount: Int { get }

  /// The mean loss of some examples, a scalar with gradients.
  ///
  /// Chance may come only from the engine's generator, which the loop seeds for each step.
  func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor

  /// Adds the gradients of some examples' mean loss to those of the parameters, and says the loss.
  ///
  /// By default ``loss(_:dropout:)`` is computed and gone through backwards. What needs the moment, or less memory than that, has its own.
  func addGradients(_ examples: [Int], at moment: TrainingMoment) throws -> Double

  /// How many steps go through all examples once.
  func batchCount(size: Int) -> Int

  /// The examples of each step of an epoch: ``batchCount(size:)`` lists of at most `size`, in an order that follows from the seed.
  ///
  /// - Parameter span: which part of the whole training the epoch is, as 0 to 0.25 of the first of four.
  func batches(size: Int, seed: UInt64, during span: ClosedRange<Double>) -> [[Int]]

  /// A loss on development data, by which training stops and the best weights are chosen; nil without such data.
  ///
  /// Called without gradients, after each epoch.
  func developmentLoss() throws -> Double?
}

/// Where in a training a part of a step stands.
public struct TrainingMoment: Sendable {
  /// The step, from 0.
  public var step: Int
  /// Steps in all.
  public var stepCount: Int
  /// The part's share of the step's examples; gradients are multiplied with it.
  public var share = 1.0
  /// Dropout of the body.
  public var dropout: Dropout
  /// What products of layers are computed in.
  public var products: ProductPrecision

  /// A step, whole unless a share is set.
  public init(
    step: Int, of stepCount: Int, dropout: Dropout, products: ProductPrecision = .float32
  ) {
    (self.step, self.stepCount) = (step, stepCount)
    (self.dropout, self.products) = (dropout, products)
  }

  /// The share of the training that has gone by, from 0 to below 1.
  public var progress: Double { Double(step) / Double(max(1, stepCount)) }
}

extension TrainingObjective {
  /// The loss forwards and backwards, in the moment's precision.
  public func addGradients(_ examples: [Int], at moment: TrainingMoment) throws -> Double {
    let loss = try moment.products { try self.loss(examples, dropout: moment.dropout) }
    let value = try loss.item()
    guard value.isFinite else { return value }
    // Layers that are computed again are in the same precision.
    try moment.products {
      try (moment.share < 1 ? loss.multiplied(by: moment.share) : loss).backward()
    }
    return value
  }

  /// As many as it takes for each example to be in one.
  public func batchCount(size: Int) -> Int { (exampleCount + size - 1) / size }

  /// All examples in a new order.
  public func batches(size: Int, seed: UInt64, during span: ClosedRange<Double>) -> [[Int]] {
    var shuffler = Shuffler(seed: seed)
    return shuffler.batches(exampleCount, size: size)
  }

  /// No development data.
  public func developmentLoss() throws -> Double? { nil }
}
