// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

/// Steps are what the losses' derivatives say, found by finite differences of losses written out anew.
@Suite struct EmbeddingGradientTests {
  private static let rate = 1e-4
  private static let columns = 7

  /// A text without line ends, so that its words are all there is.
  private struct Trial {
    let vocabulary: JointVocabulary
    let blocks: TrainingBlocks
    let trainer: EmbeddingTrainer
    let words: [Int]

    init(_ words: [String], _ loss: ModelArguments.Loss, isDeterministic: Bool) throws {
      var trainer = EmbeddingWorld.trainer(.skipgram, loss)
      trainer.arguments.dimension = columns
      trainer.arguments.windowSize = 1
      trainer.arguments.negatives = 1
      trainer.arguments.epochs = 1
      trainer.arguments.maximumCharacters = 0
      trainer.learningRate = rate
      trainer.isDeterministic = isDeterministic
      self.trainer = trainer
      let text = TrainingText()
      let language = text.language(named: "")
      let bytes = Array(words.joined(separator: " ").utf8)
      try bytes.withUnsafeBufferPointer { try text.append($0, language: language) }
      let (dictionary, indices) = text.builders[0].numberedDictionary(minimumCount: 1)
      blocks = try TrainingBlocks(text.sources, [indices])
      vocabulary = JointVocabulary([dictionary], trainer.arguments, translations: [])
      self.words = words.map { dictionary.index(of: $0) ?? -1 }
    }

    func parameters(seed: UInt64) -> ParameterStore {
      let store = ParameterStore(rows: vocabulary.wordCount, columns: columns)
      store.fill(within: 1, seed: seed)
      return store
    }

    func loss(_ input: [Double], _ output: [Double]) -> Double {
      var sum = 0.0
      func dot(_ word: Int, _ row: Int) -> Double {
        (0..<columns).reduce(0) { $0 + input[word * columns + $1] * output[row * columns + $1] }
      }
      func cost(_ score: Double, _ isTrue: Bool) -> Double { log(1 + exp(isTrue ? -score : score)) }
      for centre in words.indices {
        for place in [centre - 1, centre + 1] where words.indices.contains(place) {
          let (word, answer) = (words[centre], words[place])
          let all = 0..<vocabulary.wordCount
          switch trainer.arguments.loss {
          case .negativeSampling, .oneVersusAll:
            // Of two words the other one is always what is drawn.
            sum += all.reduce(0) { $0 + cost(dot(word, $1), $1 == answer) }
          case .softmax:
            sum += log(all.reduce(0) { $0 + exp(dot(word, $1)) }) - dot(word, answer)
          case .hierarchicalSoftmax:
            for branch in vocabulary.parts[0].paths[answer] {
              sum += cost(dot(word, Int(branch >> 1)), branch & 1 == 1)
            }
          }
        }
      }
      return sum
    }
  }

  @Test(
    "rows move against the slope of the loss",
    arguments: [
      ModelArguments.Loss.negativeSampling, .hierarchicalSoftmax, .softmax, .oneVersusAll,
    ], [false, true])
  func slope(_ loss: ModelArguments.Loss, _ isDeterministic: Bool) throws {
    let words =
      loss == .negativeSampling ? ["a", "b", "a", "a", "b"] : ["a", "b", "c", "a", "d", "a", "b"]
    let trial = try Trial(words, loss, isDeterministic: isDeterministic)
    let (input, output) = (trial.parameters(seed: 1), trial.parameters(seed: 2))
    let count = input.rows * Self.columns
    func numbers(_ store: ParameterStore) -> [Double] {
      (0..<count).map { Double(store.row(0)[$0]) }
    }
    let before = [numbers(input), numbers(output)]
    try EmbeddingDescent(
      trial.trainer, trial.trainer.arguments, trial.vocabulary, trial.blocks, input: input,
      output: output, report: { _ in }
    ).run()
    let after = [numbers(input), numbers(output)]
    for side in 0..<2 {
      for index in 0..<count {
        var (low, high) = (before, before)
        low[side][index] -= 1e-4
        high[side][index] += 1e-4
        let slope = (trial.loss(high[0], high[1]) - trial.loss(low[0], low[1])) / 2e-4
        let moved = (after[side][index] - before[side][index]) / Self.rate
        #expect(abs(moved + slope) < 0.01, "matrix \(side), number \(index)")
      }
    }
  }
}
