// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Metrics

@Suite("Calibration") struct CalibrationTests {
  @Test("an edge belongs to the bin below it, and zero to none", arguments: [1, 2, 3, 10, 15, 49])
  func edges(binCount: Int) throws {
    for edge in 0...binCount {
      let reliability = try Reliability(
        confidences: [Double(edge) / Double(binCount)], correct: [true], binCount: binCount)
      let filled = reliability.bins.indices.filter { reliability.bins[$0].count == 1 }
      #expect(filled == (edge == 0 ? [] : [edge - 1]))
    }
  }

  @Test("the error is the gap between confidence and accuracy")
  func gap() throws {
    let reliability = try Reliability(
      confidences: [0.9, 0.9, 0.9, 0.9], correct: [true, true, false, false])
    #expect(abs(reliability.expectedCalibrationError - 0.4) < 1e-12)
    #expect(abs(reliability.maximumCalibrationError - 0.4) < 1e-12)
  }

  @Test("no predictions measure nothing")
  func empty() throws {
    #expect(try Reliability(confidences: [], correct: []).expectedCalibrationError.isNaN)
  }

  @Test("what is no probability is refused", arguments: [-0.1, 1.5, .nan, .infinity])
  func notAProbability(value: Double) {
    let error = #expect(throws: MetricsError.self) {
      try Reliability(confidences: [0.5, value], correct: [true, true])
    }
    #expect(error?.location == "item 1")
  }

  @Test("a temperature that was hidden in the logits is found again", arguments: [0.3, 1, 4])
  func hiddenTemperature(hidden: Double) throws {
    // Gold classes are drawn from the softmax itself, so honest logits have temperature 1.
    var generator = SeededGenerator(seed: 11)
    var logits: [[Double]] = []
    var gold: [Int] = []
    for _ in 0..<4_000 {
      let row = (0..<4).map { _ in 4 * generator.unit() }
      var draw = generator.unit()
      let p = LogitScores.softmax(row)
      gold.append(
        p.firstIndex {
          draw -= $0
          return draw < 0
        } ?? 3)
      logits.append(row.map { $0 * hidden })
    }
    let fit = TemperatureScaling(fitting: try LogitScores(logits: logits, gold: gold))
    #expect(abs(fit.temperature / hidden - 1) < 0.1)
  }

  @Test("separable and hopeless data get the ends of the searched range")
  func ends() throws {
    let sure = TemperatureScaling(
      fitting: try LogitScores(logits: [[1, 0], [0, 1]], gold: [0, 1]))
    let wrong = TemperatureScaling(
      fitting: try LogitScores(logits: [[1, 0], [0, 1]], gold: [1, 0]))
    #expect(abs(sure.temperature - 0.0183156) < 1e-5)
    #expect(abs(wrong.temperature - 54.59815) < 1e-2)
  }

  @Test("logits beyond the range of exp overflow nothing")
  func hugeLogits() throws {
    let scores = try LogitScores(logits: [[1e4, 0], [0, 1e4]], gold: [0, 0])
    #expect(scores.negativeLogLikelihood() == 5_000)
    #expect(scores.brier() == 1)
    #expect(try scores.reliability().expectedCalibrationError == 0.5)
  }

  @Test("rows of other lengths, wild numbers and unknown classes are refused with their item")
  func refusals() {
    let bad: [([[Double]], [Int])] = [
      ([[0, 1], [0]], [0, 0]), ([[0, 1], [0, .nan]], [0, 0]), ([[0, 1], [1, 0]], [0, 2]),
    ]
    for (logits, gold) in bad {
      let error = #expect(throws: MetricsError.self) {
        try LogitScores(logits: logits, gold: gold)
      }
      #expect(error?.location == "item 1")
    }
    #expect(throws: MetricsError.self) { try LogitScores(logits: [], gold: []) }
    #expect(throws: MetricsError.self) { try TemperatureScaling(temperature: 0) }
  }
}
