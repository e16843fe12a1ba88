// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics
import Tasks

extension TaskData {
  /// Reads a recipe's examples.
  ///
  /// Files of languages other than the source are read twice, for two purposes that never meet: test files
  /// as sealed examples, training files for their text alone.
  init(_ recipe: Recipe.Data, pattern: CorpusPattern) throws {
    var reader = ExampleReader()
    reader.textColumn = recipe.text
    reader.labelColumn = recipe.label
    var unlabelledReader = reader
    unlabelledReader.requiresLabel = false
    var digests: [String: String] = [:]
    func read(_ language: String, _ split: String, _ reader: ExampleReader) throws -> [Example] {
      let file = pattern.file(language: language, split: split)
      digests["\(language)/\(split)"] = try FileDigest.sha256(of: file)
      return try reader.read(file.path)
    }
    func exists(_ language: String, _ split: String) -> Bool {
      FileManager.default.fileExists(
        atPath: pattern.file(language: language, split: split).path)
    }

    let source = recipe.source
    guard exists(source, recipe.train) else {
      throw RecipeError(
        .data, "there is no training data of the source language '\(source)'",
        at: pattern.file(language: source, split: recipe.train).path)
    }
    var training = try read(source, recipe.train, reader)
    if recipe.limit > 0 { training = Array(training.prefix(recipe.limit)) }
    labels = try LabelSet(training.compactMap(\.label))
    func sourceExamples(_ examples: [Example], _ labels: LabelSet) throws -> SourceExamples {
      try SourceExamples(
        language: source,
        examples: examples.map { ($0.text, $0.label ?? "", $0.language ?? source) },
        labelSet: labels)
    }
    train = try sourceExamples(training, labels)
    development =
      exists(source, recipe.development) && recipe.development != recipe.test
      ? try sourceExamples(read(source, recipe.development, reader), labels) : nil

    let found = try pattern.languages(split: recipe.test)
    if let missing = recipe.targets.first(where: { !found.contains($0) }) {
      throw RecipeError(
        .data,
        "there is no '\(recipe.test)' split of the target language '\(missing)'; "
          + "there are \(found.joined(separator: ", "))", at: pattern.path)
    }
    let others = (recipe.targets.isEmpty ? found : recipe.targets).filter { $0 != source }
    test = []
    for language in (found.contains(source) ? [source] : []) + others {
      let file = pattern.file(language: language, split: recipe.test).path
      do {
        test.append(
          try TargetExamples(
            language: language,
            examples: read(language, recipe.test, reader).map { ($0.text, $0.label ?? "") },
            labelSet: labels))
      } catch let error as TaskError {
        throw TaskError(error.code, error.message, at: file)
      }
    }
    guard test.first?.language == source else {
      throw RecipeError(
        .data,
        "there is no '\(recipe.test)' split of the source language '\(source)', "
          + "which the gap is measured from", at: pattern.path)
    }
    unlabelled = [:]
    let hasUnlabelled = recipe.unlabelled > 0 && recipe.train != recipe.test
    for language in others where hasUnlabelled && exists(language, recipe.train) {
      unlabelled[language] = Self.sample(
        try read(language, recipe.train, unlabelledReader).map(\.text), recipe.unlabelled)
    }
    identity = FileDigest.sha256(
      of: Data(digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined().utf8))
  }

  /// Text from all over a file: many are sorted by class, and the mean of their first rows is that of a class.
  static func sample(_ texts: [String], _ count: Int) -> [String] {
    guard texts.count > count else { return texts }
    var generator = SeededGenerator(seed: 0)
    var places = Array(texts.indices)
    for place in 0..<count {
      places.swapAt(place, generator.index(below: places.count - place) + place)
    }
    return places.prefix(count).sorted().map { texts[$0] }
  }
}
