// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch

@Suite struct BagOfWordsTests {
  @Test("weights are scikit-learn's: sublinear counts, smoothed rarity, length one")
  func weights() {
    let words = BagOfWords(learningFrom: ["red red fox", "red hen"], minimumTexts: 1)
    // red, fox, hen; red red, red fox, red hen
    #expect(words.count == 6)
    let row = words.rows(["red red fox"])
    let rare = log(3.0 / 2) + 1
    let raw = [rare, 1 + log(2.0), rare, rare].sorted()
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (found, expected) in zip(row.values.sorted(), raw) {
      #expect(abs(found - expected / length) < 1e-12)
    }
  }

  @Test("words of too few texts are left out, and a text without known words is all zeros")
  func rare() {
    let words = BagOfWords(learningFrom: ["sun sea", "sun ice"])
    #expect(words.count == 1)
    #expect(words.rows(["sea ice"]).values.isEmpty && words.rows(["sea ice"]).count == 1)
  }

  @Test("the sparse fit is the dense one's solution", arguments: [false, true])
  func agrees(balances: Bool) async throws {
    let texts = ["sun sea sand", "ice snow", "sun sand", "snow frost ice", "sea sun", "rain wind"]
    let labels = [0, 1, 0, 1, 0, 2]
    let rows = BagOfWords(learningFrom: texts, minimumTexts: 1).rows(texts)
    let sparse = try SparseSoftmaxRegression(inversePenalty: 3, balancesClasses: balances)
      .fit(rows, labels: labels, classCount: 3)
    let found = sparse.probabilities(rows)
    let expected: [[Float]] = try await Compute.run {
      var dense = [Double](repeating: 0, count: rows.count * rows.width)
      for row in 0..<rows.count {
        for place in rows.starts[row]..<rows.starts[row + 1] {
          dense[row * rows.width + Int(rows.columns[place])] = rows.values[place]
        }
      }
      let features = try Tensor(dense, shape: [rows.count, rows.width])
      let head = try SoftmaxRegression(inversePenalty: 3, balancesClasses: balances)
        .fit(features, labels: labels, classCount: 3)
      return try TextClassifier.probabilities(features.converted(to: .float32), head)
    }
    for (left, right) in zip(found.joined(), expected.joined()) {
      #expect(abs(left - right) < 1e-3)
    }
  }
}
