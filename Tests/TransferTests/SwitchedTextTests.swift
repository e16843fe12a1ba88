// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import TestWorld
import Testing
import Torch

@testable import Transfer

/// Text recipes whose methods learn from the source's examples in other languages' words.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct SwitchedTextTests {
  /// A world with a fourth language, in whose words nothing says what it means but a dictionary.
  private static func world() throws -> TinyWorld {
    let world = try TinyWorld()
    let warm = ["sol mar", "arena sol", "mar arena", "sol sol"]
    let cold = ["hielo nieve", "helada hielo", "nieve helada", "nieve nieve"]
    let rows = warm.map { "dd \($0)\twarm\n" } + cold.map { "dd \($0)\tcold\n" }
    try world.write("text\tlabel\n" + rows.joined(), "data/dd/test.tsv")
    try world.write(
      "sun\tsol\nsea\tmar\nsand\tarena\nice\thielo\nsnow\tnieve\nfrost\thelada\n", "words/dd.txt")
    return world
  }

  private static func section(_ world: TinyWorld) -> String {
    "codeSwitch: {dictionaries: \"\(world.folder.path)/words/{lang}.txt\"}"
  }

  private static func recipe(_ world: TinyWorld, _ methods: String) throws -> Recipe {
    try RecipeDocument(text: world.recipe(methods), path: "tiny.yaml").recipe()
  }

  @Test("a language of which a dictionary alone tells is read, frozen and tuned")
  func teaches() async throws {
    let world = try Self.world()
    let section = Self.section(world)
    let recipe = try Self.recipe(
      world,
      """
      [{name: frozen, c: 10}, {name: switched, c: 10, \(section)},
       {name: centred, c: 10, center: language, \(section)},
       {name: tuned, center: language, c: 10, \(section), tuning: {layers: 1, epochs: 2, batchSize: 8, refitsHead: true}}]
      """)
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").recipe() == recipe)
    let summary = try await TinyRun.run(world, recipe)
    let inNew = summary.methods.map { $0.languages.first { $0.language == "dd" }?.accuracy ?? 0 }
    #expect(inNew[0] < 0.9)
    #expect(inNew[1] == 1 && inNew[2] == 1 && inNew[3] == 1, "\(inNew)")
    #expect(summary.methods.allSatisfy { $0.source > 0.9 })
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("24 texts in other languages"))
    let card = try String(
      contentsOf: summary.model.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(card.contains("{lang}.txt") && card.contains("no label in any other language"))
  }

  @Test("a method is run anew where a dictionary changed, and only that")
  func dependsOnDictionaries() async throws {
    let world = try Self.world()
    let recipe = try Self.recipe(
      world, "[{name: frozen}, {name: switched, \(Self.section(world))}]")
    _ = try await TinyRun.run(world, recipe)
    try world.write("sun\tmar\n", "words/dd.txt")
    let lines = Lines()
    _ = try await TinyRun.run(world, recipe) { lines.append($0) }
    #expect(lines.all.contains("features: there already"))
    #expect(lines.all.contains("methods/frozen: there already"))
    #expect(lines.all.contains("methods/switched:"))
  }

  @Test("each language's switched text has its source's classes and words of its own")
  func texts() throws {
    let world = try Self.world()
    try world.write("sun\tsoleil\n", "words/bb.txt")
    let recipe = try Self.recipe(world, "[{name: switched, \(Self.section(world))}]")
    let data = try TaskData(recipe.data, pattern: CorpusPattern(recipe.data.path ?? ""))
    let section = try #require(recipe.methods[0].codeSwitching)
    let switched = try data.switched(section, seed: 1)
    #expect(switched.map(\.language) == ["bb", "dd"])
    // Texts in which nothing was replaced are left out: only those with 'sun' say it in bb.
    #expect(switched[0].texts.allSatisfy { $0.contains("soleil") })
    #expect(switched[0].texts.count == data.train.texts.filter { $0.contains("sun") }.count)
    #expect(switched[1].texts.count == 24 && switched[1].labels == data.train.labels)
  }

  @Test(
    "behind switched text as many words are glossed as the section says", arguments: [0, 0.5, 1])
  func glosses(share: Double) throws {
    let world = try Self.world()
    let path = "\(world.folder.path)/words/{lang}.txt"
    let text = world.recipe(
      "[{name: switched, codeSwitch: {dictionaries: \"\(path)\", gloss: \(share)}}]"
    )
    .replacingOccurrences(of: "prefix: none", with: "prefix: none, gloss: \"\(path)\"")
    let recipe = try RecipeDocument(text: text, path: "tiny.yaml").recipe()
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").recipe() == recipe)
    var data = try TaskData(recipe.data, pattern: CorpusPattern(recipe.data.path ?? ""))
    data.reading = TextReading(
      romanized: [],
      dictionaries: ["dd": URL(fileURLWithPath: world.folder.path + "/words/dd.txt")],
      source: try LanguageTag(data.train.language))
    let section = try #require(recipe.methods[0].codeSwitching)
    let english: Set<Substring> = ["sun", "sea", "sand", "ice", "snow", "frost"]
    func count(_ texts: [String]) -> Int {
      texts.flatMap { $0.split(separator: " ") }.count { english.contains($0) }
    }
    let known = count(data.train.texts)
    let glossed = count(try data.switched(section, seed: 1).flatMap(\.texts))
    // Every known word is replaced, and those that are glossed stand behind in English.
    switch share {
    case 0: #expect(glossed == 0)
    case 1: #expect(glossed == known)
    default: #expect(glossed > known / 4 && glossed < known * 3 / 4)
    }
  }

  @Test("what cannot be switched is refused with a sentence")
  func mistakes() async throws {
    let world = try Self.world()
    let absent = try Self.recipe(
      world, "[{name: switched, codeSwitch: {dictionaries: \"/absent/{lang}.txt\"}}]")
    let error = await #expect(throws: RecipeError.self) { _ = try await TinyRun.run(world, absent) }
    #expect(error?.message.contains("no target has a dictionary") == true)
    // Before anything that takes long.
    #expect(!FileManager.default.fileExists(atPath: world.folder.path + "/out/features"))
    try world.write("cloud\tnube\n", "other/dd.txt")
    let useless = try Self.recipe(
      world,
      "[{name: switched, codeSwitch: {dictionaries: \"\(world.folder.path)/other/{lang}.txt\"}}]")
    let nothing = await #expect(throws: RecipeError.self) {
      _ = try await TinyRun.run(world, useless)
    }
    #expect(nothing?.message.contains("replace no word") == true)
    for other in ["words: 1.5", "features: words"] {
      let refused = #expect(throws: RecipeError.self) {
        try Self.recipe(world, "[{name: switched, \(other), \(Self.section(world))}]")
      }
      #expect(refused?.message.contains("codeSwitch") == true)
    }
    for (share, sentence) in [
      (0.5, "name dictionaries in 'gloss' of 'base'"), (1.5, "between 0 and 1"),
    ] {
      let refused = #expect(throws: RecipeError.self) {
        try Self.recipe(
          world, "[{name: switched, codeSwitch: {dictionaries: \"{lang}.txt\", gloss: \(share)}}]")
      }
      #expect(refused?.message.contains(sentence) == true)
    }
  }
}
