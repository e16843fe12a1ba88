// SPDX-License-Identifier: Apache-2.0

/// What one example adds to a score that is the quotient of two sums, as accuracy and F1 over entities are.
public struct ScoreShare: Sendable, Hashable {
  /// What it adds above.
  public var part: Double
  /// What it adds below.
  public var whole: Double

  /// A share of a score.
  public init(_ part: Double, of whole: Double = 1) {
    self.part = part
    self.whole = whole
  }
}
