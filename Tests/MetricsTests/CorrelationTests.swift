// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Metrics

@Suite("Correlation") struct CorrelationTests {
  @Test("a rising curve has rank correlation 1 whatever its shape")
  func monotone() throws {
    let x = (1...20).map(Double.init)
    let y = x.map { exp($0) }
    #expect(abs(try Correlation.spearman(x, y).coefficient - 1) < 1e-12)
    #expect(try Correlation.kendallTauB(x, y).coefficient == 1)
    #expect(try Correlation.pearson(x, y).coefficient < 0.7)
  }

  @Test("equal values share the mean of their ranks")
  func ties() {
    #expect(Correlation.ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
    #expect(Correlation.ranks([]) == [])
  }

  @Test("a constant series correlates with nothing", arguments: [0.1, 0, -7])
  func constant(value: Double) throws {
    let x = [value, value, value, value]
    let y = [1.0, 2, 3, 5]
    #expect(try Correlation.pearson(x, y).coefficient.isNaN)
    #expect(try Correlation.spearman(x, y).coefficient.isNaN)
    #expect(try Correlation.kendallTauB(x, y).coefficient.isNaN)
  }

  @Test("two points lie on a line, which proves nothing")
  func twoPoints() throws {
    let result = try Correlation.pearson([1, 2], [5, 3])
    #expect(result.coefficient == -1)
    #expect(result.pValue == 1)
  }

  @Test(
    "the incomplete beta function has its known values",
    arguments: [
      (0.5, 0.5, 0.5, 0.5), (0.25, 1.0, 1.0, 0.25), (0.3, 2.0, 3.0, 0.3483),
      (0.9, 5.0, 1.0, 0.59049), (0.0, 2.0, 2.0, 0.0), (1.0, 2.0, 2.0, 1.0),
    ])
  func incompleteBeta(x: Double, a: Double, b: Double, expected: Double) {
    #expect(abs(StudentT.incompleteBeta(x: x, a: a, b: b) - expected) < 1e-12)
  }

  @Test("too few or wild values are refused")
  func refusals() {
    #expect(throws: MetricsError.self) { try Correlation.pearson([1], [1]) }
    #expect(throws: MetricsError.self) { try Correlation.spearman([1, 2], [1, 2, 3]) }
    #expect(throws: MetricsError.self) { try Correlation.kendallTauB([1, .nan], [1, 2]) }
  }
}
