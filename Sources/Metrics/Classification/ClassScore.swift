// SPDX-License-Identifier: Apache-2.0

/// How well one class was found.
///
/// A quotient whose denominator is zero is 0, as in scikit-learn's `zero_division=0`.
public struct ClassScore: Sendable, Equatable {
  /// Of the items predicted as the class, the share that belong to it.
  public let precision: Double
  /// Of the items that belong to the class, the share predicted as it.
  public let recall: Double
  /// The harmonic mean of precision and recall.
  public let f1: Double
  /// How many items belong to the class.
  public let support: Int

  init(hits: Int, predicted: Int, support: Int) {
    precision = predicted == 0 ? 0 : Double(hits) / Double(predicted)
    recall = support == 0 ? 0 : Double(hits) / Double(support)
    let both = predicted + support
    f1 = both == 0 ? 0 : 2 * Double(hits) / Double(both)
    self.support = support
  }
}
