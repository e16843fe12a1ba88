// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training

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
