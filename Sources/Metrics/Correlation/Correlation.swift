// SPDX-License-Identifier: Apache-2.0

/// How far two series rise and fall together.
///
/// Both numbers are NaN where a series is constant: there is nothing to correlate with.
public struct Correlation: Sendable, Equatable {
  /// The coefficient, -1...1.
  public let coefficient: Double
  /// The two-sided p-value of "no correlation"; nil where this measure has none here.
  public let pValue: Double?

  /// Pearson's product-moment correlation: how close to a straight line.
  ///
  /// The p-value is that of Student's t with *n* - 2 degrees of freedom; 1 for two items.
  ///
  /// - Throws: `MetricsError` where the lengths differ, there are fewer than 2 items or a value is
  ///   not finite.
  public static func pearson(_ x: [Double], _ y: [Double]) throws(MetricsError) -> Correlation {
    try check(x, y)
    let coefficient = product(x, y)
    guard x.count > 2 else {
      return Correlation(
        coefficient: coefficient.isNaN ? .nan : coefficient.sign == .minus ? -1 : 1,
        pValue: coefficient.isNaN ? .nan : 1)
    }
    return Correlation(
      coefficient: coefficient, pValue: StudentT.pValue(correlation: coefficient, count: x.count))
  }

  /// Spearman's rank correlation: how close to a monotone curve.
  ///
  /// Equal values share their ranks.
  /// The p-value is that of Student's t with *n* - 2 degrees of freedom, an approximation that is
  /// poor below about 10 items; NaN for two.
  ///
  /// - Throws: `MetricsError` as ``pearson(_:_:)``.
  public static func spearman(_ x: [Double], _ y: [Double]) throws(MetricsError) -> Correlation {
    try check(x, y)
    let coefficient = product(ranks(x), ranks(y))
    return Correlation(
      coefficient: coefficient,
      pValue: x.count > 2 ? StudentT.pValue(correlation: coefficient, count: x.count) : .nan)
  }

  /// Kendall's tau-b: the balance of agreeing and disagreeing pairs, corrected for ties.
  ///
  /// Compares all pairs, so the cost grows with the square of the items. No p-value.
  ///
  /// - Throws: `MetricsError` as ``pearson(_:_:)``.
  public static func kendallTauB(
    _ x: [Double], _ y: [Double]
  ) throws(MetricsError) -> Correlation {
    try check(x, y)
    var balance = 0
    var untiedX = 0
    var untiedY = 0
    for i in x.indices {
      for j in 0..<i {
        let dx = (x[i] > x[j] ? 1 : 0) - (x[i] < x[j] ? 1 : 0)
        let dy = (y[i] > y[j] ? 1 : 0) - (y[i] < y[j] ? 1 : 0)
        balance += dx * dy
        untiedX += dx * dx
        untiedY += dy * dy
      }
    }
    guard untiedX > 0, untiedY > 0 else { return Correlation(coefficient: .nan, pValue: nil) }
    let scale = Double(untiedX).squareRoot() * Double(untiedY).squareRoot()
    return Correlation(coefficient: min(max(Double(balance) / scale, -1), 1), pValue: nil)
  }

  /// The ranks of `values`, counted from 1; equal values share the mean of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { result[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return result
  }

  private static func check(_ x: [Double], _ y: [Double]) throws(MetricsError) {
    try MetricsError.requireSameCount(x.count, "values of x", y.count, "values of y")
    try MetricsError.requireCount(x.count, atLeast: 2, of: "items")
    for (item, pair) in zip(x, y).enumerated() where !pair.0.isFinite || !pair.1.isFinite {
      throw MetricsError(
        .valueOutOfRange, "expected finite values, found \(pair.0) and \(pair.1)",
        at: "item \(item)")
    }
  }

  private static func product(_ x: [Double], _ y: [Double]) -> Double {
    let meanX = x.reduce(0, +) / Double(x.count)
    let meanY = y.reduce(0, +) / Double(y.count)
    var xy = 0.0
    var xx = 0.0
    var yy = 0.0
    for (a, b) in zip(x, y) {
      xy += (a - meanX) * (b - meanY)
      xx += (a - meanX) * (a - meanX)
      yy += (b - meanY) * (b - meanY)
    }
    // A constant series may leave a residue of rounding that must not pass for variance.
    guard x.contains(where: { $0 != x[0] }), y.contains(where: { $0 != y[0] }) else { return .nan }
    return min(max(xy / xx.squareRoot() / yy.squareRoot(), -1), 1)
  }
}
