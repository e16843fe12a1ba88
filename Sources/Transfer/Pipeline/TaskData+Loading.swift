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
    func read(_ language: String, _ split: String, _ reader: ExampleReader) throws -> [Example] {
      let file = pattern.file(language: language, split: split)
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
    let labels = try Self.naming(pattern.file(language: source, split: recipe.train)) {
      try LabelSet(training.compactMap(\.label))
    }
    self.labels = labels
    func sourceExamples(_ examples: [Example], _ split: String) throws -> SourceExamples {
      try Self.naming(pattern.file(language: source, split: split)) {
        try SourceExamples(
          language: source,
          examples: examples.map { ($0.text, $0.label ?? "", $0.language ?? source) },
          labelSet: labels)
      }
    }
    train = try sourceExamples(training, recipe.train)
    development =
      exists(source, recipe.development) && recipe.development != recipe.test
      ? try sourceExamples(read(source, recipe.development, reader), recipe.development) : nil

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
      let examples = try read(language, recipe.test, reader)
      test.append(
        try Self.naming(pattern.file(language: language, split: recipe.test)) {
          try TargetExamples(
            language: language, examples: examples.map { ($0.text, $0.label ?? "") },
            labelSet: labels)
        })
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
    identity = Self.identity(
      labels.names, [train] + (development.map { [$0] } ?? []), test, unlabelled)
  }

  /// What `body` gives; its errors name the file that its examples are from.
  private static func naming<Result>(_ file: URL, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TaskError {
      throw TaskError(error.code, error.message, at: file.path)
    }
  }

  /// One hash of everything that stages depend on, whatever files, columns and limits it came through.
  ///
  /// Labels of test text are not in it: nothing depends on them but scores.
  private static func identity(
    _ names: [String], _ source: [SourceExamples], _ test: [TargetExamples],
    _ unlabelled: [String: [String]]
  ) -> String {
    var pieces = names
    for examples in source {
      pieces.append(examples.language)
      pieces += examples.texts + examples.labels.map(String.init)
    }
    for examples in test { pieces += [examples.language] + examples.texts }
    for (language, texts) in unlabelled.sorted(by: { $0.key < $1.key }) {
      pieces.append(language)
      pieces += texts
    }
    // Lengths between the pieces, so that no two lists run together.
    return FileDigest.sha256(
      of: Data(pieces.map { "\($0.utf8.count):\($0)\n" }.joined().utf8))
  }

  /// Text from all over a file: many are sorted by class, and the mean of their first rows is that of a class.
  static func sample<Element>(_ texts: [Element], _ count: Int) -> [Element] {
    guard texts.count > count else { return texts }
    var generator = SeededGenerator(seed: 0)
    var places = Array(texts.indices)
    for place in 0..<count {
      places.swapAt(place, generator.index(below: places.count - place) + place)
    }
    return places.prefix(count).sorted().map { texts[$0] }
  }
}
