// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import WordVectors

/// A model of three made-up topics, learnt in a moment.
enum TinyModel {
  static let lines: [String] = {
    let words = [
      "tool": ["hammer", "nail", "saw", "bench", "Säge", "wood"],
      "sky": ["cloud", "rain", "wind", "sun", "météo", "storm"],
      "food": ["bread", "soup", "salt", "plate", "сыр", "apple"],
    ]
    return (0..<240).map { index in
      let topic = ["tool", "sky", "food"][index % 3]
      let choice = words[topic] ?? []
      let text = (0..<4).map { choice[(index * 7 + $0 * 5 + index / 3) % choice.count] }
      return "__label__\(topic) the \(text.joined(separator: " "))"
    }
  }()

  static func trainer(loss: ModelArguments.Loss = .softmax) -> ClassifierTrainer {
    var trainer = ClassifierTrainer()
    trainer.arguments.loss = loss
    trainer.arguments.dimension = 10
    trainer.arguments.buckets = 400
    trainer.arguments.minimumCharacters = 2
    trainer.arguments.maximumCharacters = 3
    trainer.arguments.wordNGrams = 2
    trainer.arguments.epochs = 8
    trainer.learningRate = 0.5
    return trainer
  }

  static func train(
    loss: ModelArguments.Loss = .softmax, lines: [String] = lines
  ) throws -> FastTextModel {
    let store = try LineStore()
    for line in lines { try store.append(line) }
    return try trainer(loss: loss).train(store)
  }

  static func bytes(of model: FastTextModel) throws -> [UInt8] {
    let gathered = Gathered()
    try model.write { gathered.bytes += $0 }
    return gathered.bytes
  }

  private final class Gathered { var bytes: [UInt8] = [] }

  /// Writes bytes to a file of their own and calls `body` with its path.
  @discardableResult
  static func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result
  {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("word-vectors-\(UUID().uuidString).bin")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }
}
