// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The tail of Student's t distribution, as far as correlation tests need it.
enum StudentT {
  /// The two-sided p-value of a correlation of `count` items under the null hypothesis.
  ///
  /// With `t = r sqrt((n-2) / (1-r²))` the tail is the regularised incomplete beta function at
  /// `1 - r²`, which is better conditioned near |r| = 1 than going through t.
  static func pValue(correlation r: Double, count: Int) -> Double {
    guard !r.isNaN else { return .nan }
    return incompleteBeta(x: (1 - r) * (1 + r), a: Double(count - 2) / 2, b: 0.5)
  }

  /// The regularised incomplete beta function I_x(a, b), for positive a and b.
  ///
  /// By the continued fraction of Abramowitz and Stegun 26.5.8, evaluated from the front by
  /// Lentz's method, on whichever side of the mean it converges fast.
  static func incompleteBeta(x: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let logFront =
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    let front = exp(logFront)
    return x < (a + 1) / (a + b + 2)
      ? front * continuedFraction(x: x, a: a, b: b) / a
      : 1 - front * continuedFraction(x: 1 - x, a: b, b: a) / b
  }

  private static func continuedFraction(x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d)
      c = nonzero(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return result
  }
}
