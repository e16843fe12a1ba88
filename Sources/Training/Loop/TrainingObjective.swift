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

  /// A loss on development data, by which training stops and the best weights are chosen; nil without such data.
  ///
  /// Called without gradients, after each epoch.
  func developmentLoss() throws -> Double?
}

extension TrainingObjective {
  /// No development data.
  public func developmentLoss() throws -> Double? { nil }
}
