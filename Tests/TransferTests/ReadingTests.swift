// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch

@testable import Transfer

/// Text recipes that write languages in Latin letters, or put glosses behind their text.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct ReadingTests {
  /// A world with a language in Cyrillic letters, which the encoder has no pieces for, and one that a dictionary alone tells of.
  private static func world() throws -> TinyWorld {
    let world = try TinyWorld()
    func write(_ language: String, _ warm: [String], _ cold: [String]) throws {
      let rows = warm.map { "\($0)\twarm\n" } + cold.map { "\($0)\tcold\n" }
      try world.write("text\tlabel\n" + rows.joined(), "data/\(language)/test.tsv")
    }
    try write("dd", ["сун сеа", "санд сун", "сеа санд"], ["ице фрост", "фрост ице", "ице ице"])
    try write(
      "ee", ["sol mar", "arena sol", "mar arena"], ["hielo helada", "helada hielo", "hielo hielo"])
    try world.write(
      "sun\tsol\nsea\tmar\nsand\tarena\nice\thielo\nfrost\thelada\n", "words/ee.txt")
    return world
  }

  private static func recipe(_ world: TinyWorld, _ base: String) throws -> Recipe {
    let text = world.recipe("[{name: centred, c: 10, center: language}]")
      .replacingOccurrences(of: "prefix: none", with: "prefix: none, \(base)")
    return try RecipeDocument(text: text, path: "tiny.yaml").recipe()
  }

  private static func accuracy(_ summary: TransferRun.Summary, _ language: String) -> Double {
    summary.methods[0].languages.first { $0.language == language }?.accuracy ?? -1
  }

  @Test(
    "a script that the encoder does not know is found out without labels, and read in Latin letters"
  )
  func romanizes() async throws {
    let world = try Self.world()
    let plain = try await TinyRun.run(world, try Self.recipe(world, "maximumLength: 32"))
    #expect(Self.accuracy(plain, "dd") < 0.8)
    let recipe = try Self.recipe(world, "romanize: auto")
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").recipe() == recipe)
    let lines = Lines()
    let summary = try await TinyRun.run(world, recipe) { lines.append($0) }
    #expect(lines.all.contains("read in Latin letters: dd"))
    #expect(Self.accuracy(summary, "dd") == 1)
    #expect(Self.accuracy(summary, "bb") == Self.accuracy(plain, "bb"))
    // The model reads as the run did, where it is told the language.
    let (told, untold) = try await Compute.run {
      let classifier = try TextClassifier(directory: summary.model)
      let texts = ["сун сеа", "ице фрост"]
      return try (
        classifier.rows(texts, languages: ["dd", "dd"]),
        classifier.rows(texts, languages: [nil, nil])
      )
    }
    #expect(told[0] != told[1] && untold[0] == untold[1])
    // Named by hand it is the same.
    let named = try await TinyRun.run(world, try Self.recipe(world, "romanize: [dd]"))
    #expect(Self.accuracy(named, "dd") == 1)
  }

  @Test("a gloss tells of a language that the encoder does not know, in the run and in the model")
  func glosses() async throws {
    let world = try Self.world()
    let plain = try await TinyRun.run(world, try Self.recipe(world, "maximumLength: 32"))
    #expect(Self.accuracy(plain, "ee") < 0.9)
    let path = "\(world.folder.path)/words/{lang}.txt"
    let recipe = try Self.recipe(world, "gloss: \"\(path)\"")
    let summary = try await TinyRun.run(world, recipe)
    #expect(Self.accuracy(summary, "ee") == 1)
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("behind text of 1 of 5 languages"))
    let card = try String(
      contentsOf: summary.model.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(card.contains("Behind text of 1 of 5 languages") && card.contains("--language"))
    // The model has the dictionary of its own.
    try FileManager.default.removeItem(atPath: world.folder.path + "/words")
    let rows = try await Compute.run {
      let classifier = try TextClassifier(directory: summary.model)
      return try (
        classifier.rows(["sol", "sol"], languages: ["ee", nil]),
        classifier.encoder.rows(["sol sun"])
      )
    }
    #expect(rows.0[0] == rows.1[0] && rows.0[1] != rows.1[0])
    try FileManager.default.removeItem(
      at: summary.model.appendingPathComponent("gloss.ee.txt"))
    _ = await #expect(throws: (any Error).self) {
      try await Compute.run { _ = try TextClassifier(directory: summary.model) }
    }
  }

  @Test("vectors are made anew where a dictionary changed")
  func dependsOnDictionaries() async throws {
    let world = try Self.world()
    let recipe = try Self.recipe(world, "gloss: \"\(world.folder.path)/words/{lang}.txt\"")
    _ = try await TinyRun.run(world, recipe)
    let again = Lines()
    _ = try await TinyRun.run(world, recipe) { again.append($0) }
    #expect(again.all.contains("features: there already"))
    try world.write("sun\tmar\n", "words/ee.txt")
    let lines = Lines()
    _ = try await TinyRun.run(world, recipe) { lines.append($0) }
    #expect(lines.all.contains("features:"))
  }

  @Test(
    "what cannot be read is refused with a sentence",
    arguments: [
      ("gloss: words.txt", "{lang}"),
      ("gloss: \"/absent/{lang}.txt\"", "no target has a dictionary"),
      ("romanize: maybe", "none, auto or a list"), ("romanize: [xx]", "no target of this run"),
    ])
  func mistakes(base: String, sentence: String) async throws {
    let world = try Self.world()
    let error = await #expect(throws: RecipeError.self) {
      _ = try await TinyRun.run(world, try Self.recipe(world, base))
    }
    #expect(error?.message.contains(sentence) == true, "\(String(describing: error?.message))")
  }
}
