// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Metrics

@Suite("Confusion") struct ConfusionTests {
  let confusion: Confusion

  init() throws {
    confusion = try Confusion(
      gold: [0, 0, 0, 1, 1, 2], predicted: [0, 0, 1, 1, 0, 2], classCount: 4)
  }

  @Test("rows are gold classes and columns predictions")
  func orientation() {
    #expect(confusion.rows == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    #expect(confusion[gold: 0, predicted: 1] == 1)
    #expect(confusion.total == 6)
  }

  @Test("a class that never occurs counts only in the average over all")
  func macroAverages() {
    let present = (2.0 / 3 + 0.5 + 1) / 3
    #expect(abs(confusion.macroF1() - present) < 1e-12)
    #expect(abs(confusion.macroF1(.all) - present * 3 / 4) < 1e-12)
  }

  @Test("an empty matrix measures nothing")
  func empty() {
    let empty = Confusion(classCount: 3)
    #expect(empty.accuracy.isNaN && empty.macroF1().isNaN && empty.weightedF1.isNaN)
    #expect(empty.matthewsCorrelation.isNaN)
    #expect(empty.classScores.allSatisfy { $0.f1 == 0 })
  }

  @Test("pooling adds counts")
  func pooling() throws {
    var sum = confusion
    sum += try Confusion(gold: [3], predicted: [0], classCount: 4)
    #expect(sum.total == 7)
    #expect(sum[gold: 3, predicted: 0] == 1)
  }

  @Test("swapping gold and predictions leaves Matthews' correlation as it was")
  func matthewsIsSymmetric() throws {
    var generator = SeededGenerator(seed: 3)
    let gold = (0..<200).map { _ in generator.index(below: 5) }
    let guess = gold.map { generator.unit() < 0.6 ? $0 : generator.index(below: 5) }
    let one = try Confusion(gold: gold, predicted: guess, classCount: 5)
    let other = try Confusion(gold: guess, predicted: gold, classCount: 5)
    #expect(abs(one.matthewsCorrelation - other.matthewsCorrelation) < 1e-12)
    #expect(one.matthewsCorrelation > 0.4)
  }

  @Test("a class out of range is refused with the item's number")
  func outOfRange() {
    let error = #expect(throws: MetricsError.self) {
      try Confusion(gold: [0, 1], predicted: [0, 7], classCount: 2)
    }
    #expect(error?.code == .classOutOfRange)
    #expect(error?.location == "item 1")
    #expect(error?.message.contains("found 7") == true)
  }

  @Test("different lengths are refused")
  func differentLengths() {
    let error = #expect(throws: MetricsError.self) {
      try Confusion(gold: [0, 1], predicted: [0], classCount: 2)
    }
    #expect(error?.code == .lengthMismatch)
  }

  @Test(
    "a matrix that is not square or counts below zero is refused",
    arguments: [[[1, 2], [3]], [[1, -1], [0, 0]], [[1, 2]]])
  func badRows(rows: [[Int]]) {
    #expect(throws: MetricsError.self) { try Confusion(rows: rows) }
  }

  @Test("the majority class is the commonest, the lowest among equals")
  func majority() throws {
    #expect(try MajorityBaseline(trainingLabels: [2, 1, 1, 2, 0]).label == 1)
    #expect(try MajorityBaseline(trainingLabels: [3]).accuracy(on: [3, 0, 3, 1]) == 0.5)
    #expect(throws: MetricsError.self) { try MajorityBaseline(trainingLabels: []) }
    #expect(throws: MetricsError.self) { try MajorityBaseline(trainingLabels: [-1]) }
  }
}
