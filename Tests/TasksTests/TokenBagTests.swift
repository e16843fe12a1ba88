// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch

@Suite struct TokenBagTests {
  @Test("a row is divided by the length of all its terms, those not known among them")
  func length() {
    let bag = TokenBag(learningFrom: [[1, 2], [1, 2], [1, 3]])
    // 1, 2 and the pair of them come in two texts or more.
    #expect(bag.count == 3)
    let known = bag.row([1, 2])
    #expect(abs(known.reduce(0) { $0 + $1.value * $1.value } - 1) < 1e-12)
    let half = bag.row([1, 2, 9, 8, 7], scale: 2)
    let square = half.reduce(0) { $0 + $1.value * $1.value }
    #expect(half.map(\.column) == [0, 1, 2] && square > 0.5 && square < 2)
    #expect(bag.row([9, 9]).isEmpty && bag.row([]).isEmpty)
  }

  @Test("a pair is its order, and no pair is a token")
  func pairs() {
    let bag = TokenBag(learningFrom: [[0, 5], [0, 5], [.max, 0], [.max, 0]])
    #expect(bag.count == 5)
    #expect(bag.row([5, 0]).count == 2 && bag.row([0, 5]).count == 3)
    #expect(bag.row([0, 0]).count == 1)
  }

  @Test("words decide where vectors cannot, and the head is the same when it is read again")
  func fit() async throws {
    let tokens: [[Int32]] = [[1, 2], [1, 3], [4, 2], [4, 3], [1, 5], [4, 5]]
    let labels = [0, 0, 1, 1, 0, 1]
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("words-\(UUID().uuidString).safetensors")
    try await Compute.run {
      // The vectors say nothing.
      let vectors = try Tensor.full([6, 3], 0.5)
      let fitted = try SparseSoftmaxRegression(inversePenalty: 100).fit(
        vectors, tokens: tokens, bag: TokenBag(learningFrom: tokens), scale: 1, labels: labels,
        classCount: 2)
      let rows: [[Int32]] = tokens + [[1, 9], [9, 4], [9, 9]]
      let wide = try Tensor.full([9, 3], 0.5)
      let found = try TextClassifier.probabilities(
        wide, fitted.head, words: (fitted.tokens, rows))
      for (row, label) in zip(found, labels + [0, 1]) { #expect(row[label] > 0.5) }
      #expect(abs(found[8][0] - 0.5) < 0.01)
      try fitted.tokens.write(to: file)
      let again = try TokenHead(contentsOf: file, classCount: 2)
      #expect(
        try TextClassifier.probabilities(wide, fitted.head, words: (again, rows)) == found)
      #expect(throws: TorchError.self) { _ = try TokenHead(contentsOf: file, classCount: 3) }
    }
  }
}
