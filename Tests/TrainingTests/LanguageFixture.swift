// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Torch
import Training
import Transformers

/// A tiny base, and text to learn from.
enum LanguageFixture {
  /// Sentences in which each word says what the next one is.
  static func lines(_ count: Int, _ seed: Int = 0) -> [String] {
    let words = ["sun", "sea", "sand", "ice", "snow", "frost"]
    return (0..<count).map { row in
      (0..<(4 + row % 3)).map { words[($0 + row + seed) % words.count] }.joined(separator: " ")
    }
  }

  static func plan() -> TrainingPlan {
    var plan = TrainingPlan()
    (plan.epochs, plan.batchSize, plan.rate, plan.headRate) = (12, 8, 5e-3, 1e-2)
    (plan.checkpointInterval, plan.dropout) = (7, 0.05)
    return plan
  }

  @Compute
  static func base(_ folder: URL, hasMask: Bool = true) throws -> TextEncoder {
    try TinyWorld.makeModel(in: folder, hasMask: hasMask)
    return try TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none)
  }

  static func values(_ parameters: [ParameterStore.Parameter]) throws -> [[Float]] {
    try parameters.map { try $0.tensor.elements(as: Float.self) }
  }
}
