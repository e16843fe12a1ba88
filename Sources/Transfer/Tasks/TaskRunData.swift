// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks

/// A recipe's examples: those of the source to learn from, and sealed ones to measure on.
struct TaskRunData<Task: FileTask> {
  var train: [LabelledExample<Task.Input, Task.Gold>]
  var development: [LabelledExample<Task.Input, Task.Gold>]?
  /// The source first where it is measured, then the others.
  var test: [SealedExamples<Task>]
  /// One hash of the files that they are from.
  var identity: String
  /// Where they are from.
  let recipe: TaskRecipe.Data
  private let pattern: CorpusPattern

  /// Reads the files that a pattern names.
  init(_ recipe: TaskRecipe.Data, pattern: CorpusPattern) throws {
    (self.recipe, self.pattern) = (recipe, pattern)
    let reader = Reader(recipe: recipe, pattern: pattern)
    let found = try pattern.languages(split: recipe.test)
    let source = recipe.source
    if let missing = recipe.targets.first(where: { !found.contains($0) }) {
      throw RecipeError(
        .data,
        "there is no '\(recipe.test)' split of the target language '\(missing)'; "
          + "there are \(found.joined(separator: ", "))", at: pattern.path)
    }
    let others = (recipe.targets.isEmpty ? found : recipe.targets).filter { $0 != source }
    if pattern.hasSplits {
      train = try reader.read(source, recipe.train).map(\.example)
      let file = recipe.development.map { pattern.file(language: source, split: $0) }
      development =
        try file.flatMap {
          FileManager.default.fileExists(atPath: $0.path) ? recipe.development : nil
        }
        .map { try reader.read(source, $0).map(\.example) }
      test = try ((found.contains(source) ? [source] : []) + others).map { language in
        SealedExamples(
          language: language, try reader.read(language, recipe.test).map(\.example))
      }
    } else {
      let examples = try reader.read(source, "")
      development = nil
      if recipe.learnFirst > 0 {
        // Files of the same examples in many languages are cut at the same place in each.
        let cut = Self.cut(examples, after: recipe.learnFirst)
        train = examples[..<cut].map(\.example)
        test = try ([source] + others).map { language in
          let all = language == source ? examples : try reader.read(language, "")
          guard all.count > cut else {
            throw RecipeError(
              .data,
              "'learnFirst' takes \(cut) examples, '\(language)' has \(all.count); nothing is left to measure on",
              at: pattern.file(language: language, split: "").path)
          }
          return SealedExamples(language: language, all[cut...].map(\.example))
        }
      } else {
        train = examples.map(\.example)
        test = try others.map {
          SealedExamples(language: $0, try reader.read($0, "").map(\.example))
        }
      }
    }
    if recipe.limit > 0 { train = Array(train.prefix(recipe.limit)) }
    guard !test.isEmpty else {
      throw RecipeError(
        .data,
        "there is nothing to measure on: no other language than '\(source)'; name files of other languages, "
          + "or set 'learnFirst'", at: pattern.path)
    }
    identity = FileDigest.sha256(of: Data(reader.digests.joined().utf8))
  }

  /// The training split of a language that is not the source.
  func training(_ language: String) throws -> [FileExample<Task>] {
    _ = try trainingFile(language)
    return try Reader(recipe: recipe, pattern: pattern).read(language, recipe.train)
  }

  /// The file of a language's training split.
  ///
  /// - Throws: `RecipeError` where there is none.
  func trainingFile(_ language: String) throws -> URL {
    let file = pattern.file(language: language, split: recipe.train)
    guard pattern.hasSplits, FileManager.default.fileExists(atPath: file.path) else {
      throw RecipeError(
        .data,
        "there is no '\(recipe.train)' split of '\(language)' to learn from; 'sources' and 'shots' need one of each language they take",
        at: pattern.hasSplits ? file.path : pattern.path)
    }
    return file
  }

  /// The first example behind so many whose group none of those before has.
  private static func cut(_ examples: [FileExample<Task>], after count: Int) -> Int {
    var cut = min(count, examples.count)
    while cut < examples.count, let group = examples[cut].group, group == examples[cut - 1].group {
      cut += 1
    }
    return cut
  }

  /// Reads files and notes what they were.
  private final class Reader {
    let recipe: TaskRecipe.Data
    let pattern: CorpusPattern
    /// Hashes of files in the order in which they were read.
    private(set) var digests: [String] = []

    init(recipe: TaskRecipe.Data, pattern: CorpusPattern) {
      (self.recipe, self.pattern) = (recipe, pattern)
    }

    func read(_ language: String, _ split: String) throws -> [FileExample<Task>] {
      let file = pattern.file(language: language, split: split)
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw RecipeError(
          .data, "there is no such file of '\(language)'; expected \(Task.fileForm)",
          at: file.path)
      }
      var layout = recipe.layout
      layout.passages = layout.passages.map {
        $0.replacingOccurrences(of: "{lang}", with: language)
          .replacingOccurrences(of: "{split}", with: split)
      }
      digests.append("\(language) \(split) \(try FileDigest.sha256(of: file))\n")
      if let passages = layout.passages {
        digests.append(try FileDigest.sha256(of: URL(fileURLWithPath: passages)))
      }
      let examples = try Task.examples(file.path, layout)
      guard !examples.isEmpty else {
        throw RecipeError(.data, "there is no example; expected \(Task.fileForm)", at: file.path)
      }
      return examples
    }
  }
}
