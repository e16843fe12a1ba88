// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Metrics

@Suite("Significance") struct SignificanceTests {
  private func noise(_ count: Int, seed: UInt64, shift: Double = 0) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.unit() + shift }
  }

  @Test("the interval of an accuracy is about two standard errors to each side")
  func accuracyInterval() throws {
    let correct = (0..<400).map { $0 % 5 != 0 }
    let interval = try Bootstrap(seed: 7).interval(ofAccuracy: correct)
    #expect(abs(interval.low - (0.8 - 1.96 * 0.02)) < 0.006)
    #expect(abs(interval.high - (0.8 + 1.96 * 0.02)) < 0.006)
  }

  @Test("accuracy by outcomes and by confusion draw the same items")
  func sameDraws() throws {
    var generator = SeededGenerator(seed: 8)
    let gold = (0..<120).map { _ in generator.index(below: 3) }
    let guess = gold.map { generator.unit() < 0.7 ? $0 : generator.index(below: 3) }
    let bootstrap = try Bootstrap(resamples: 500, seed: 9)
    let direct = try bootstrap.interval(ofAccuracy: zip(gold, guess).map { $0 == $1 })
    let counted = try bootstrap.interval(
      gold: gold, predicted: guess, classCount: 3, score: \.accuracy)
    #expect(direct == counted)
  }

  @Test("the seed decides the draws")
  func seeds() throws {
    let values = noise(50, seed: 2)
    let one = try Bootstrap(resamples: 100, seed: 1).interval(ofMean: values)
    #expect(try Bootstrap(resamples: 100, seed: 1).interval(ofMean: values) == one)
    #expect(try Bootstrap(resamples: 100, seed: 2).interval(ofMean: values) != one)
  }

  @Test("items that are all alike leave no doubt")
  func noVariance() throws {
    let interval = try Bootstrap().interval(ofMean: [0.5, 0.5, 0.5])
    #expect(interval == Interval(low: 0.5, high: 0.5))
  }

  @Test("about 95 of 100 intervals hold the true mean")
  func coverage() throws {
    let bootstrap = try Bootstrap(resamples: 400, seed: 1)
    let held = try (0..<200).count { trial in
      let interval = try bootstrap.interval(ofMean: noise(60, seed: UInt64(trial)))
      return interval.low <= 0.5 && 0.5 <= interval.high
    }
    #expect((178...200).contains(held))
  }

  @Test("nothing to draw from, no resamples and odd confidences are refused")
  func refusals() throws {
    let bootstrap = try Bootstrap()
    #expect(throws: MetricsError.self) { try bootstrap.interval(ofAccuracy: []) }
    #expect(throws: MetricsError.self) { try Bootstrap(resamples: 0) }
    #expect(throws: MetricsError.self) { try Bootstrap(confidence: 1) }
    #expect(throws: MetricsError.self) { try PairedBootstrap([1], [1, 2]) }
    #expect(throws: MetricsError.self) { try PairedBootstrap([1, .nan], [1, 2]) }
    #expect(throws: MetricsError.self) {
      try PairedBootstrap([1, 2], [1, 3], resamples: [[0, 2]])
    }
    #expect(throws: MetricsError.self) {
      try ApproximateRandomization(exactly: noise(25, seed: 1), noise(25, seed: 2))
    }
    #expect(throws: MetricsError.self) { try PValueAdjustment.holm.adjusted([0.1, 1.1]) }
  }

  @Test("equal systems are never told apart, clearly better ones always")
  func extremes() throws {
    let a = noise(80, seed: 1)
    #expect(try PairedBootstrap(a, a).pValue == 1)
    #expect(try ApproximateRandomization(a, a, samples: 100).pValue == 1)
    let better = a.map { $0 + 0.2 }
    #expect(try PairedBootstrap(better, a, resamples: 999).fractionANotBetter == 0)
    #expect(try ApproximateRandomization(better, a, samples: 999).pValue == 0.001)
  }

  @Test("drawn and exact randomisation agree")
  func exactAgainstDrawn() throws {
    let a = noise(12, seed: 3, shift: 0.15)
    let b = noise(12, seed: 4)
    let exact = try ApproximateRandomization(exactly: a, b).pValue
    let drawn = try ApproximateRandomization(a, b, samples: 40_000).pValue
    #expect(abs(exact - drawn) < 4 * (exact * (1 - exact) / 40_000).squareRoot() + 1e-4)
  }

  @Test("the corrections are ordered: Bonferroni at least Holm at least Benjamini-Hochberg")
  func order() throws {
    let p = noise(30, seed: 12).map { $0 * $0 * $0 }
    let bonferroni = try PValueAdjustment.bonferroni.adjusted(p)
    let holm = try PValueAdjustment.holm.adjusted(p)
    let hochberg = try PValueAdjustment.benjaminiHochberg.adjusted(p)
    for index in p.indices {
      #expect(bonferroni[index] >= holm[index] && holm[index] >= hochberg[index])
      #expect(hochberg[index] >= p[index])
    }
    #expect(try PValueAdjustment.holm.adjusted([]) == [])
  }

  @Test("an interval over several runs covers how they differ")
  func severalRuns() throws {
    let bootstrap = try Bootstrap(resamples: 500, seed: 1)
    let low = (0..<200).map { (part: $0 % 4 == 0 ? 1.0 : 0, whole: 1.0) }
    let high = (0..<200).map { (part: $0 % 4 == 0 ? 0.0 : 1, whole: 1.0) }
    let one = try bootstrap.interval(ofQuotients: [low, low])
    #expect(one.low > 0.15 && one.high < 0.35)
    let both = try bootstrap.interval(ofQuotients: [low, high])
    #expect(both.low < 0.25 && both.high > 0.75)
    #expect(throws: MetricsError.self) { try bootstrap.interval(ofQuotients: []) }
    #expect(throws: MetricsError.self) { try bootstrap.interval(ofQuotients: [low, []]) }
  }
}
