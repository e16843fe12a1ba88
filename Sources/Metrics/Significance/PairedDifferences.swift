// SPDX-License-Identifier: Apache-2.0

/// Two systems' scores on the same items, reduced to what a paired test looks at.
struct PairedDifferences {
  /// `a - b`, item by item.
  let values: [Double]
  /// Their mean.
  let mean: Double
  /// What counts as no difference between two means: rounding, which depends on the order of
  /// additions, must not decide whether a tie is a tie.
  let tolerance: Double

  init(_ a: [Double], _ b: [Double]) throws(MetricsError) {
    try MetricsError.requireSameCount(a.count, "scores of a", b.count, "scores of b")
    try MetricsError.requireCount(a.count, atLeast: 1, of: "paired scores")
    if let item = zip(a, b).enumerated().first(where: {
      !$0.element.0.isFinite || !$0.element.1.isFinite
    }) {
      throw MetricsError(
        .valueOutOfRange,
        "expected finite scores, found \(item.element.0) and \(item.element.1)",
        at: "item \(item.offset)")
    }
    values = zip(a, b).map { $0 - $1 }
    mean = values.reduce(0, +) / Double(values.count)
    let scale = values.reduce(0) { $0 + abs($1) } / Double(values.count)
    tolerance = 1e-12 * scale
  }
}
