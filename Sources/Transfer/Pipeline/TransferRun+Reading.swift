// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation
import Tasks
import Torch
import WritingSystems

extension TransferRun {
  /// How text of other languages is put to the encoder, as the recipe says it or as their text without labels shows it.
  func reading(
    _ data: TaskData, _ base: URL, _ baseHash: String, _ runner: StageRunner,
    _ meter: inout ProgressMeter
  ) throws -> TextReading {
    let targets = data.test.dropFirst().map(\.language)
    let glosses = try recipe.base.gloss.map { path in
      let files = DictionaryPattern(path)
      let languages = try files.languages(among: targets)
      return Dictionary(uniqueKeysWithValues: languages.map { ($0, files.file($0)) })
    }
    func reading(_ romanized: [String]) throws -> TextReading {
      TextReading(
        romanized: Set(romanized), dictionaries: glosses ?? [:],
        source: try LanguageTag(data.train.language))
    }
    switch recipe.base.romanization {
    case .none: return try reading([])
    case .languages(let languages):
      if let missing = languages.first(where: { !targets.contains($0) }) {
        throw RecipeError(
          .value, "'romanize' names '\(missing)', which is no target of this run",
          at: recipe.data.path)
      }
      return try reading(languages)
    case .auto:
      var inputs = ["data": data.identity, "base": baseHash]
      inputs.merge(try glossHashes(glosses ?? [:])) { first, _ in first }
      let manifest = try StageManifest(
        stage: "reading", version: 1, configuration: recipe.base, seed: 0, inputs: inputs)
      let folder = try runner.run("reading", manifest) { folder in
        meter.name("reading")
        let choice = try RomanizationChoice(
          data, makeEncoder(base), own: reading([]), latin: reading(targets), progress: &meter)
        try choice.write(to: folder.appendingPathComponent(RomanizationChoice.file))
      }
      let choice = try RomanizationChoice(
        contentsOf: folder.appendingPathComponent(RomanizationChoice.file))
      let romanized = choice.romanized
      log(
        romanized.isEmpty
          ? "no language is read better in Latin letters"
          : "read in Latin letters: \(romanized.joined(separator: ", "))")
      return try reading(romanized)
    }
  }

  /// What vectors depend on beside data and base, by name.
  func inputs(of reading: TextReading) throws -> [String: String] {
    var result = try glossHashes(reading.dictionaries)
    if !reading.romanized.isEmpty {
      result["romanized"] = reading.romanized.sorted().joined(separator: " ")
    }
    return result
  }

  private func glossHashes(_ dictionaries: [String: URL]) throws -> [String: String] {
    var result: [String: String] = [:]
    for (language, file) in dictionaries {
      result["gloss.\(language)"] = try FileDigest.sha256(of: file)
    }
    return result
  }
}

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
