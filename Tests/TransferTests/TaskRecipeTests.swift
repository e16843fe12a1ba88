// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Training

@testable import Transfer

@Suite struct TaskRecipeTests {
  private static func recipe(_ text: String) throws -> TaskRecipe {
    let document = try RecipeDocument(text: text, path: "r.yaml")
    #expect(document.namesTask)
    return try document.taskRecipe()
  }

  private static let head = "recipe: transfer/v1\nname: n\ndata: {path: 'd/{lang}-{split}.tsv'}\n"

  @Test("what is left out has its default, by task and method")
  func defaults() throws {
    let recipe = try Self.recipe(
      Self.head + "task: tagging\nmethods: [{method: full}, {method: ia3}]")
    #expect(recipe.methods.map(\.name) == ["full", "ia3"])
    #expect(recipe.methods.map(\.plan.rate) == [5e-5, 5e-3])
    #expect(recipe.keep == "ia3")
    #expect(recipe.base.model == "e5-small")
    let standard = try Self.recipe(Self.head + "task: classification")
    #expect(standard.methods.map(\.choice.kind) == [.head, .lora])
    #expect(standard.task.options.prefix == .query)
  }

  @Test("a written recipe is read as the same recipe")
  func roundTrip() throws {
    let text =
      Self.head + """
        task: {kind: answering, window: 200, answerLength: 12, allowsNoAnswer: true}
        methods:
          - {name: a, method: lora, rank: 4, targets: [all], below: ['x/{lang}'], belowSource: false, steps: 3, patience: 2}
          - {name: b, method: top, layers: 2, unfreezing: 0.5, balance: true, labelSmoothing: 0.1}
          - {name: c, method: houlsby, reduction: 8, frozen: ['*.bias']}
        """
    let recipe = try Self.recipe(text)
    #expect(recipe.methods[0].choice.rank == 4 && recipe.methods[0].plan.patience == 2)
    #expect(try Self.recipe(recipe.yaml()) == recipe)
  }

  @Test(
    "a mistake is named with its line",
    arguments: [
      ("task: tagging\nmethods: [{method: lora, rnak: 4}]", "did you mean 'rank'"),
      ("task: taging", "must be one of classification, regression, tagging"),
      ("task: {kind: tagging, decoding: best}", "independent, repaired, constrained"),
      ("task: tagging\nmethods: [{name: x}]", "'method' is missing"),
      ("task: tagging\nmethods: [{method: lora}, {method: lora}]", "names that differ"),
      ("task: tagging\nmethods: [{method: lora, batchSize: 4, accumulation: 8}]", "accumulation"),
      ("task: tagging\nmethods: [{method: lora, below: [x], belowSource: false}]", "with {lang}"),
      ("task: tagging\nkeep: full", "must be one of head, lora"),
      ("task: tagging\nbase: {model: vectors}", "an encoder with layers to tune"),
      ("task: tagging\nbase: {gloss: '{lang}.txt'}", "koine data gloss"),
    ])
  func mistakes(_ text: String, _ expected: String) throws {
    let error = #expect(throws: RecipeError.self) { try Self.recipe(Self.head + text) }
    #expect(error?.message.contains(expected) ?? false, "\(String(describing: error))")
    #expect(error?.location?.hasPrefix("r.yaml:") ?? false)
  }

  @Test("examples are cut by number only where splits have no files")
  func learnFirst() throws {
    let text = "recipe: transfer/v1\nname: n\ntask: answering\n"
    #expect(
      try Self.recipe(text + "data: {path: 'x.{lang}.json', learnFirst: 9}").data.learnFirst == 9)
    #expect(throws: RecipeError.self) {
      try Self.recipe(text + "data: {path: 'x.{lang}.{split}.json', learnFirst: 9}")
    }
  }

  @Test("a way to tune means what the field means by it")
  func choices() {
    for kind in TuningChoice.Kind.allCases {
      let choice = TuningChoice(kind)
      #expect((choice.method == .body) == kind.changesBody, "\(kind)")
      var plan = TrainingPlan()
      choice.select(in: &plan)
      #expect((plan.selection.lastLayers == 4) == (kind == .top))
      #expect(plan.selection.onlyBiases == (kind == .biases))
    }
  }
}
