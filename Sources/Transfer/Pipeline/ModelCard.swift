// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The README of a model directory, with the YAML head that model hubs read.
struct ModelCard {
  let recipe: Recipe
  let data: TaskData
  let evidence: MethodEvidence?

  /// The card's text; the same run gives the same bytes.
  var text: String {
    let languages = data.test.map(\.language)
    let scores = (evidence?.languages ?? []).map { language in
      String(
        format: "| %@ | %d | %.3f | %.3f – %.3f | %.3f |", language.language, language.count,
        language.accuracy, language.accuracyInterval.low, language.accuracyInterval.high,
        language.macroF1)
    }
    let switched =
      recipe.keptMethods.lazy.compactMap(\.codeSwitching).first.map {
        " Examples were learned from in other languages' words too, by the dictionaries \($0.dictionaries)."
      } ?? ""
    var reading = ""
    if !data.reading.dictionaries.isEmpty {
      reading +=
        " Behind text of \(data.reading.dictionaries.count) of \(languages.count) languages stands what its words are in '\(data.train.language)', by the model's own dictionaries."
    }
    if !data.reading.romanized.isEmpty {
      reading +=
        " Text in \(data.reading.romanized.sorted().joined(separator: ", ")) is read in Latin letters."
    }
    let members = recipe.keptMethods.map(\.name)
    if members.count > 1 {
      reading +=
        " It is \(members.count) classifiers that answer together: \(members.joined(separator: ", "))."
    }
    if !data.reading.isPlain {
      reading += " What is read so has to have its language named (`--language`)."
    }
    return """
      ---
      language:
      \(languages.map { "- \($0)" }.joined(separator: "\n"))
      pipeline_tag: text-classification
      library_name: koine
      base_model: \(recipe.base.model)
      tags:
      - cross-lingual
      - zero-shot
      ---

      # \(recipe.title)

      A classifier of \(data.labels.count) classes, learned from \(data.train.texts.count) labelled
      examples in '\(data.train.language)' and from no label in any other language, with the method
      '\(recipe.keep)' of Koine \(Koine.version).\(switched)\(reading)

      Classes: \(data.labels.names.joined(separator: ", ")).

      | language | examples | accuracy | 95 % interval | macro-F1 |
      |---|---|---|---|---|
      \(scores.joined(separator: "\n"))

      Languages that are not in the table were not measured. Use:

          koine classify --model THIS_FOLDER < lines.txt

      """
  }
}
