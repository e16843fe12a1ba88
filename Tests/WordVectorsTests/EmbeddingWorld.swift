// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import WordVectors

/// A small made-up language: each topic has words that come together.
enum EmbeddingWorld {
  static let topics = [
    ["hammer", "nail", "saw", "bench", "wood", "drill"],
    ["cloud", "rain", "wind", "sun", "storm", "frost"],
    ["bread", "soup", "salt", "plate", "apple", "cheese"],
  ]

  /// The same words in another language, which has none in common.
  static func translated(_ word: String) -> String {
    String(
      String.UnicodeScalarView(
        word.unicodeScalars.reversed().compactMap {
          Unicode.Scalar($0.value - 0x61 + 0x430)
        }))
  }

  /// Sentences of words of one topic each, the same for a seed.
  static func sentences(_ count: Int, seed: UInt64 = 5) -> [[String]] {
    var generator = SplitMix(seed: seed)
    return (0..<count).map { _ in
      let topic = topics[generator.index(below: topics.count)]
      return (0..<6).map { _ in topic[generator.index(below: topic.count)] }
    }
  }

  static func text(_ sentences: [[String]], language: String = "") throws -> TrainingText {
    let text = TrainingText()
    try add(sentences, to: text, language: language)
    return text
  }

  static func add(
    _ sentences: [[String]], to text: TrainingText, language: String
  ) throws {
    let bytes = Array(sentences.map { $0.joined(separator: " ") + "\n" }.joined().utf8)
    let index = text.language(named: language)
    try bytes.withUnsafeBufferPointer { try text.append($0, language: index) }
  }

  static func trainer(
    _ task: ModelArguments.Task = .skipgram, _ loss: ModelArguments.Loss = .negativeSampling
  ) -> EmbeddingTrainer {
    var trainer = EmbeddingTrainer()
    trainer.arguments.task = task
    trainer.arguments.loss = loss
    trainer.arguments.dimension = 20
    trainer.arguments.buckets = 500
    trainer.arguments.minimumCount = 1
    trainer.arguments.samplingThreshold = 1
    trainer.arguments.epochs = 12
    trainer.arguments.windowSize = 3
    trainer.seed = 3
    return trainer
  }

  static func cosine(_ left: [Float], _ right: [Float]) -> Float {
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
  }

  /// How much likelier words of one topic are to be alike than words of two, in cosine.
  static func separation(_ model: FastTextModel) -> Float {
    var (within, across): ([Float], [Float]) = ([], [])
    for (first, left) in topics.enumerated() {
      for (second, right) in topics.enumerated() {
        for a in left {
          for b in right where a != b {
            let value = cosine(model.vector(ofWord: a), model.vector(ofWord: b))
            if first == second { within.append(value) } else { across.append(value) }
          }
        }
      }
    }
    return within.reduce(0, +) / Float(within.count) - across.reduce(0, +) / Float(across.count)
  }
}
