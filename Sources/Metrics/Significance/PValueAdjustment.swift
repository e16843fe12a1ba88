// SPDX-License-Identifier: Apache-2.0

/// A correction for asking many questions at once.
///
/// Comparing 26 languages at 5 % finds one or two differences by luck; these keep that in check.
public enum PValueAdjustment: String, Sendable, CaseIterable {
  /// Multiplies by the number of tests: simple and strict. Controls any false finding.
  case bonferroni
  /// Holm's step-down method, 1979: never weaker than Bonferroni, under the same promise.
  case holm
  /// Benjamini and Hochberg's step-up method, 1995: controls the share of false findings.
  case benjaminiHochberg = "benjamini-hochberg"

  /// The adjusted p-values, in the order given, each at most 1.
  ///
  /// - Throws: `MetricsError` where a p-value lies outside 0...1.
  public func adjusted(_ pValues: [Double]) throws(MetricsError) -> [Double] {
    if let bad = pValues.enumerated().first(where: { !($0.element >= 0 && $0.element <= 1) }) {
      throw MetricsError(
        .valueOutOfRange, "expected p-values in 0...1, found \(bad.element)",
        at: "item \(bad.offset)")
    }
    let count = Double(pValues.count)
    guard self != .bonferroni else { return pValues.map { min($0 * count, 1) } }

    // Ties in p keep their order of appearance, so that the result is one and the same.
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var result = pValues
    var bound = self == .holm ? 0.0 : 1.0
    if self == .holm {
      for (rank, item) in order.enumerated() {
        bound = max(bound, min(pValues[item] * (count - Double(rank)), 1))
        result[item] = bound
      }
    } else {
      for (rank, item) in order.enumerated().reversed() {
        bound = min(bound, pValues[item] * count / Double(rank + 1))
        result[item] = bound
      }
    }
    return result
  }

  /// Whether each test still counts as a finding at level `alpha`.
  ///
  /// - Throws: `MetricsError` where a p-value lies outside 0...1.
  public func rejects(_ pValues: [Double], alpha: Double = 0.05) throws(MetricsError) -> [Bool] {
    try adjusted(pValues).map { $0 <= alpha }
  }
}
