// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks

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
        source: glosses == nil ? nil : try LanguageTag(data.train.language))
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
