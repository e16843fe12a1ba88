// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Training

/// Sentences, and their translations into languages that spell each word in a way of their own.
enum AlignmentFixture {
  static let words = ["sun", "sea", "sand", "ice", "snow", "frost"]

  /// A language's word for another: "backward" spells it from its end, "doubled" says its first letter twice.
  static func translated(_ word: String, _ language: String) -> String {
    language == "backward" ? String(word.reversed()) : String(word.prefix(1)) + word
  }

  static func pairs(
    _ count: Int, from start: Int = 0, languages: [String] = ["backward", "doubled"]
  ) -> [AlignmentPair] {
    languages.flatMap { language in
      (start..<start + count).map { row in
        let own = [row % 6, (row / 6) % 6, (row / 36 + row) % 6].map { words[$0] }
        return AlignmentPair(
          own.joined(separator: " "),
          own.map { translated($0, language) }.joined(separator: " "), language: language)
      }
    }
  }

  @Compute
  static func rows(_ pairs: [AlignmentPair], _ base: TextEncoder) -> AlignmentRows {
    AlignmentRows(pairs, RowEncoder(base), prefix: "")
  }

  static func plan() -> TrainingPlan {
    var plan = TrainingPlan()
    (plan.epochs, plan.batchSize, plan.rate) = (12, 16, 5e-3)
    (plan.checkpointInterval, plan.dropout) = (5, 0)
    return plan
  }
}
