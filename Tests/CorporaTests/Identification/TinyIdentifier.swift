// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

@testable import Corpora

/// An identifier of five languages, learnt from a few sentences of the project's own.
enum TinyIdentifier {
  static let sentences: [(language: String, words: [String])] = [
    ("en", ["the", "little", "bird", "sings", "while", "we", "walk", "through", "this", "garden"]),
    (
      "de",
      ["der", "kleine", "Vogel", "singt", "während", "wir", "durch", "diesen", "Garten", "gehen"]
    ),
    ("ru", ["маленькая", "птица", "поёт", "пока", "мы", "идём", "через", "этот", "сад", "утром"]),
    (
      "uk",
      ["маленький", "птах", "співає", "поки", "ми", "йдемо", "крізь", "цей", "садок", "вранці"]
    ),
    ("zh", ["小鸟在唱歌", "我们走过", "这个花园", "今天天气很好", "大家都在这里"]),
  ]

  /// Lines of a language: its words in turn.
  static func lines(_ language: Int, count: Int = 80) -> [String] {
    let words = sentences[language].words
    return (0..<count).map { index in
      (0..<7).map { words[(index * 3 + $0 * (1 + index % 3)) % words.count] }.joined(separator: " ")
    }
  }

  static func classifier() throws -> FastTextClassifier {
    let store = try LineStore()
    for (place, language) in sentences.enumerated() {
      for line in lines(place) { try store.append("__label__\(language.language) \(line)") }
    }
    var trainer = ClassifierTrainer()
    trainer.arguments.dimension = 8
    trainer.arguments.minimumCharacters = 1
    trainer.arguments.maximumCharacters = 3
    trainer.arguments.buckets = 2000
    trainer.arguments.epochs = 6
    trainer.learningRate = 0.5
    return try FastTextClassifier(trainer.train(store))
  }

  static func make() throws -> FastTextIdentifier {
    try FastTextIdentifier(classifier(), calibration: .none)
  }
}
