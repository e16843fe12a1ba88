// SPDX-License-Identifier: Apache-2.0

/// A label that a text may have.
public struct LabelPrediction: Sendable, Hashable {
  /// The label's number in the model.
  public var index: Int
  /// The label as the model has it, its prefix included: `__label__en`.
  public var label: String
  /// Its probability; fastText adds 0.00001, and so do predictions that are meant to equal its own.
  public var probability: Float

  /// A label with its number and probability.
  public init(index: Int, label: String, probability: Float) {
    self.index = index
    self.label = label
    self.probability = probability
  }
}
