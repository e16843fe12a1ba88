// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training
import Transfer

/// What a pretraining did.
struct PretrainingSummary: Encodable {
  let method: String
  let lines, rows: Int
  let languages: [LanguageShare]
  let trainableParameters, steps, tokens: Int
  let seconds, cpuSeconds: Double
  let peakMemoryBytes: Int
  let before, after: LanguageModelScore?
  let epochs: [TrainingLoop.Epoch]
  let stoppedEarly: Bool

  /// What a training came to, and what the process took for it.
  ///
  /// - Parameter hasGuesses: whether pieces were guessed at all.
  init(_ trained: PretrainCommand.Trained, hasGuesses: Bool, seconds: Double) {
    let course = trained.course
    (method, lines, rows) = (trained.method.rawValue, trained.lines, course.rowCount)
    languages = course.languages
    trainableParameters = course.movingParameterCount
    (steps, tokens) = (course.training.steps, course.tokenCount)
    self.seconds = seconds
    (cpuSeconds, peakMemoryBytes) = (ProcessUsage.cpuSeconds, ProcessUsage.peakMemory)
    (before, after) = hasGuesses ? (course.before, course.after) : (nil, nil)
    (epochs, stoppedEarly) = (course.training.epochs, course.training.stoppedEarly)
  }
}

extension LanguageShare {
  /// The share for people: "sw 120 (300 in an epoch, 30 % hidden)".
  var text: String {
    var notes: [String] = []
    if rowsPerEpoch != rows { notes.append("\(rowsPerEpoch) in an epoch") }
    if let maskRate { notes.append(String(format: "%.3g %% hidden", maskRate * 100)) }
    return "\(language.isEmpty ? "unnamed" : language) \(rows)"
      + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }
}
