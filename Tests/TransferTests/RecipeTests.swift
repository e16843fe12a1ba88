// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Training

@testable import Transfer

@Suite struct RecipeTests {
  private func recipe(_ text: String, set overrides: [String] = []) throws -> Recipe {
    var document = try RecipeDocument(text: text, path: "r.yaml")
    for override in overrides { try document.set(override) }
    return try document.recipe()
  }

  private static let short = """
    recipe: transfer/v1
    name: mine
    data:
      path: data/{lang}/{split}.tsv
    """

  @Test("a short recipe gets every default")
  func defaults() throws {
    let recipe = try recipe(Self.short)
    #expect(recipe.base.model == "e5-small")
    #expect(recipe.methods.map(\.name) == ["frozen", "centred", "naive", "tuned"])
    #expect(recipe.keep == "tuned")
    #expect(recipe.methods[3].tuning == .careful)
  }

  @Test("a resolved recipe reads back as itself")
  func roundTrip() throws {
    let recipe = try recipe(Self.short)
    #expect(try self.recipe(recipe.yaml()) == recipe)
  }

  @Test("methods that are taken together stand before, and say all but the name")
  func members() throws {
    let text =
      Self.short + """

        methods:
          - name: frozen
          - {name: words, features: words}
          - {name: centred, center: language, seed: 4}
          - {name: both, members: [frozen, centred]}
        """
    let recipe = try recipe(text)
    #expect(recipe.keptMethods.map(\.name) == ["frozen", "centred"])
    #expect(recipe.methods[2].seed == 4)
    #expect(try self.recipe(recipe.yaml()) == recipe)
    for (wrong, word) in [
      ("[frozen]", "two or more"), ("[frozen, frozen]", "two or more"),
      ("[frozen, words]", "'words'"), ("[frozen, both]", "'both'"),
      ("[frozen, absent]", "'absent'"),
    ] {
      let error = #expect(throws: (any Error).self) {
        try self.recipe(text.replacing("[frozen, centred]", with: wrong))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(wrong)")
    }
    let beside = #expect(throws: (any Error).self) {
      try self.recipe(text.replacing("name: both,", with: "name: both, center: language,"))
    }
    #expect("\(beside.map { "\($0)" } ?? "")".contains("stand alone"))
  }

  @Test("the shipped recipes are valid", arguments: ["intents", "topics", "topics-static"])
  func shipped(name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Recipes/\(name).yaml")
    #expect(try RecipeDocument(contentsOf: file).recipe().name == name)
  }

  @Test("the document of recipes has every key that a resolved recipe has")
  func documented() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let document = try String(
      contentsOf: root.appendingPathComponent("Documentation/Recipes.md"), encoding: .utf8)
    let lines = try recipe(Self.short).yaml().split(separator: "\n")
    let keys = Set(lines.compactMap { $0.firstMatch(of: /^[ -]*([A-Za-z]+):/)?.1 })
    #expect(keys.count > 30)
    for key in keys { #expect(document.contains("`\(key)`"), "\(key)") }
  }

  @Test("--set below a preset keeps the preset")
  func overridePreset() throws {
    let recipe = try recipe(
      Self.short + "\nmethods: [{name: a, tuning: naive}]", set: ["methods.0.tuning.epochs=1"])
    var expected = TuningConfiguration.naive
    expected.epochs = 1
    #expect(recipe.methods[0].tuning == expected)
  }

  @Test(
    "--set that leads nowhere is told",
    arguments: [
      ("name.x=1", "which is 'mine' and no section"), ("methods.3.c=1", "'methods' is no list"),
    ])
  func badOverrides(assignment: String, sentence: String) throws {
    let error = #expect(throws: RecipeError.self) {
      try recipe(Self.short, set: [assignment])
    }
    #expect(error.map { "\($0)" }?.contains(sentence) == true)
  }

  @Test("a method's name is a folder's, too", arguments: ["..", "", "a/b", ".x", "a.partial"])
  func methodNames(name: String) {
    #expect(throws: RecipeError.self) {
      try recipe(Self.short + "\nmethods: [{name: \"\(name)\"}]")
    }
  }

  @Test("--set reaches into sections and lists")
  func overrides() throws {
    let recipe = try recipe(
      Self.short + "\nmethods: [{name: a}, {name: b, tuning: careful}]",
      set: [
        "seed=9", "methods.0.center=language", "base.model=./x", "methods.1.tuning={layers: 2}",
      ])
    #expect(recipe.seed == 9)
    #expect(recipe.methods[0].center == .language)
    #expect(recipe.base.model == "./x")
    #expect(recipe.methods[1].tuning?.layers == 2)
  }

  @Test(
    "a mistake is told with its line and what to do",
    arguments: [
      ("name: x\n", "'recipe'"),
      ("recipe: transfer/v2\nname: x\n", "r.yaml:1: 'recipe' must be transfer/v1"),
      (
        "recipe: transfer/v1\nname: x\nsead: 1\n",
        "r.yaml:3: unknown key 'sead'; did you mean 'seed'?"
      ),
      ("recipe: transfer/v1\nname: x\ndata:\n  path: a/{lang}.tsv\n", "r.yaml:4: 'path' must have"),
      (
        "recipe: transfer/v1\nname: x\ndata: {path: '{lang}/{split}'}\nmethods:\n- name: a\n  centre: language\n",
        "r.yaml:6: unknown key 'centre'; did you mean 'center'?"
      ),
      (
        "recipe: transfer/v1\nname: x\ndata: {path: '{lang}/{split}'}\nmethods:\n- name: a\n  tuning:\n    epochs: 0\n",
        "r.yaml:7: 'epochs' must lie between 1"
      ),
      (
        "recipe: transfer/v1\nname: x\ndata: {path: '{lang}/{split}'}\nmethods:\n- name: a\n  tuning:\n    maximumLength: 2\n",
        "r.yaml:7: 'maximumLength' must be at least 4"
      ),
      (
        "recipe: transfer/v1\nname: x\ndata: {path: '{lang}/{split}'}\nmethods:\n- name: a\n  tuning:\n    rate: fast\n",
        "r.yaml:7: 'rate' is not a number"
      ),
      ("recipe: [", "not valid YAML"),
      (
        "recipe: transfer/v1\nname: x\ndata: {path: '{lang}/{split}'}\nkeep: z\n",
        "'keep' must be one of"
      ),
    ])
  func mistakes(text: String, sentence: String) {
    let error = #expect(throws: RecipeError.self) { try recipe(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(sentence), "\(String(describing: error))")
  }
}
