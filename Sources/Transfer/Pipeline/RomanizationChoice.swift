// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import WritingSystems

/// How sure the frozen classifier is of each language's text in its own script and in Latin letters.
///
/// What an encoder does not know looks the same to it whatever it says, and the classifier is sure of nothing; no label is needed to see that.
struct RomanizationChoice: Codable {
  /// The mean probability of the most probable class.
  struct Confidence: Codable, Equatable {
    /// Of text as it is.
    var own: Double
    /// Of text in Latin letters.
    var latin: Double
  }

  static let file = "confidence.json"

  /// Languages in other scripts than Latin.
  let languages: [String: Confidence]

  /// Languages that are read better in Latin letters, sorted.
  var romanized: [String] {
    languages.filter { $0.value.latin > $0.value.own }.keys.sorted()
  }

  /// Compares two ways to read.
  init(
    _ data: TaskData, _ encoder: any SentenceEncoder, own: TextReading, latin: TextReading,
    progress: inout ProgressMeter
  ) throws {
    let candidates = data.test.dropFirst().compactMap { examples -> (String, [String])? in
      let text = data.unlabelled[examples.language] ?? examples.texts
      let script = text.joined(separator: " ").dominantScript
      return script == nil || script == .latin ? nil : (examples.language, text)
    }
    let source = encoder.rows(data.train.texts)
    let rows = try candidates.map { language, text in
      try [own, latin].map { encoder.rows(try $0(text, language: language)) }
    }
    progress.begin(
      (source + rows.joined().joined()).reduce(0) { $0 + $1.count }, unit: "tokens")
    func centered(_ rows: [[Int32]], _ language: String) throws -> Tensor {
      let vectors = try encoder.embed(rows, language: language) { progress.advance($0) }
      return try vectors.subtracting(vectors.mean([0]))
    }
    let head = try SoftmaxRegression(inversePenalty: Self.inversePenalty).fit(
      centered(source, data.train.language), labels: data.train.labels,
      classCount: data.labels.count)
    var languages: [String: Confidence] = [:]
    for ((language, _), rows) in zip(candidates, rows) {
      let sureness = try rows.map { rows in
        let probabilities = try TextClassifier.probabilities(centered(rows, language), head)
        return probabilities.reduce(0) { $0 + Double($1.max() ?? 0) }
          / Double(max(1, probabilities.count))
      }
      languages[language] = Confidence(own: sureness[0], latin: sureness[1])
    }
    progress.end()
    self.languages = languages
  }

  /// A soft classifier: one that is sure of everything shows no difference.
  private static let inversePenalty = 1.0

  /// Reads what was found.
  init(contentsOf file: URL) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// Keeps what was found.
  func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: file, options: .atomic)
  }
}
