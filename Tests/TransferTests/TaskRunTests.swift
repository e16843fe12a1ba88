// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Transfer

/// Recipes of tasks end to end, on a tiny encoder and tiny data; each recipe that comes with Koine for two steps.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct TaskRunTests {
  private static let recipes = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Recipes")

  /// The recipes that come with Koine and name a task.
  private static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: recipes.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted().filter { name in
      (try? RecipeDocument(contentsOf: recipes.appendingPathComponent(name)))?.namesTask ?? false
    }
  }()

  /// Small files of every form, in "languages" that the recipes' own names stand for.
  private static func makeFiles(_ world: TinyWorld) throws {
    let groups = [["sun", "sea", "sand"], ["ice", "snow", "frost"]]
    for language in ["aa", "bb"] {
      var (tagged, paragraphs, queries, passages) = ("", [String](), "", "")
      for row in 0..<12 {
        let words = (0..<3).map { groups[(row + $0) % 2][(row / 2 + $0) % 3] }
        for (place, word) in words.enumerated() {
          let tag = groups[0].contains(word) ? "WARM" : "COLD"
          tagged +=
            "\(place + 1)\t\(word)\t_\t\(tag)\t_\t_\t0\t_\t_\t_\n"
        }
        tagged += "\n"
        let context = "\(language) \(words.joined(separator: " "))"
        let start = context.utf8.count - words[2].utf8.count
        paragraphs.append(
          """
          {"context": "\(context)", "qas": [{"id": "q\(row)", "question": "\(words[0])",
            "answers": [{"text": "\(words[2])", "answer_start": \(start)}]}]}
          """)
        queries += "\(language) \(words.joined(separator: " ")) \(row)\n"
        passages += "cc \(words.joined(separator: " ")) \(row)\n"
      }
      for split in ["dev", "test"] { try world.write(tagged, "ud/\(language)-\(split).conllu") }
      try world.write(
        "{\"version\": \"1.1\", \"data\": [{\"title\": \"t\", \"paragraphs\": [\(paragraphs.joined(separator: ","))]}]}",
        "qa/\(language).json")
      try world.write(queries, "pairs/\(language).txt")
      try world.write(passages, "pairs/\(language)-cc.txt")
    }
  }

  /// What is set so that a recipe finds small files in place of its own.
  private static func overrides(_ name: String, _ world: TinyWorld) -> [String] {
    let root = world.folder.path
    let files =
      switch name {
      case "tagging.yaml":
        ["data.path=\(root)/ud/{lang}-{split}.conllu", "data.source=aa", "data.targets=[bb]"]
      case "answering.yaml":
        [
          "data.path=\(root)/qa/{lang}.json", "data.source=aa", "data.targets=[bb]",
          "data.learnFirst=6",
        ]
      case "retrieval.yaml":
        [
          "data.path=\(root)/pairs/{lang}.txt", "data.passages=\(root)/pairs/{lang}-cc.txt",
          "data.source=aa", "data.targets=[bb]",
        ]
      default:
        ["data.import=null", "data.path=\(root)/data/{lang}/{split}.tsv", "data.source=aa"]
      }
    return files + ["base.model=\(world.model.path)", "base.maximumLength=32"]
  }

  private static func run(
    _ recipe: TaskRecipe, in folder: URL, to output: String = "out",
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TaskRun.Summary {
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      return try Engine.withThreads(2) {
        try TaskRun(recipe, output: folder.appendingPathComponent(output), log: log).execute()
      }
    }
  }

  private static func recipe(_ name: String, _ world: TinyWorld, steps: Int) throws -> TaskRecipe {
    var document = try RecipeDocument(contentsOf: recipes.appendingPathComponent(name))
    for override in overrides(name, world) { try document.set(override) }
    let count = try document.taskRecipe().methods.count
    for index in 0..<count { try document.set("methods.\(index).steps=\(steps)") }
    return try document.taskRecipe()
  }

  @Test("recipes for intents, topics, tagging, answers and retrieval come with Koine")
  func recipesAreThere() {
    for name in ["answering", "intents-adapters", "retrieval", "tagging", "topics-adapters"] {
      #expect(Self.names.contains("\(name).yaml"))
    }
  }

  @Test("each recipe runs for two steps, and its model answers", arguments: names)
  func twoSteps(_ name: String) async throws {
    let world = try TinyWorld()
    try Self.makeFiles(world)
    let recipe = try Self.recipe(name, world, steps: 2)
    let summary = try await Self.run(recipe, in: world.folder)
    #expect(summary.methods.map(\.method) == recipe.methods.map(\.name))
    for method in summary.methods where method.parameterCount > 0 { #expect(method.steps == 2) }
    let results = try String(
      contentsOf: world.folder.appendingPathComponent("out/results.json"), encoding: .utf8)
    #expect(results.contains("\"language\" : \"bb\"") || results.contains("\"language\":\"bb\""))
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    for method in recipe.methods { #expect(report.contains(method.name)) }
    // What was kept opens by itself, and says of the test file what the run said.
    let kept = try #require(summary.methods.first { $0.method == recipe.keep })
    try await Compute.run {
      let model = try TaskModel(summary.model) { try BaseModels.directory($0) }
      #expect(model.kind == recipe.task.kind)
      #expect(model.description.source == "aa")
    }
    #expect(kept.languages.contains { $0.language == "bb" && $0.count > 0 })
  }

  @Test("the same recipe gives the same bytes, and is not run twice")
  func repeats() async throws {
    let world = try TinyWorld()
    try Self.makeFiles(world)
    let recipe = try Self.recipe("tagging.yaml", world, steps: 3)
    _ = try await Self.run(recipe, in: world.folder, to: "one")
    _ = try await Self.run(recipe, in: world.folder, to: "two")
    for file in [
      "results.json", "model/head.safetensors", "model/adapters/task/adapter_model.safetensors",
    ] {
      let one = try Data(contentsOf: world.folder.appendingPathComponent("one/\(file)"))
      #expect(one == (try Data(contentsOf: world.folder.appendingPathComponent("two/\(file)"))))
    }
    let lines = Lines()
    _ = try await Self.run(recipe, in: world.folder, to: "one") { lines.append($0) }
    #expect(lines.all.contains("methods/lora: there already"))
    #expect(!lines.all.contains { $0.contains("tuning") })
  }

  @Test("what is learned is found again in another language, which no label was read of")
  func learns() async throws {
    let world = try TinyWorld()
    try Self.makeFiles(world)
    var recipe = try Self.recipe("tagging.yaml", world, steps: 60)
    recipe.methods = recipe.methods.filter { $0.name == "full" }
    recipe.methods[0].plan.rate = 3e-3
    recipe.keep = "full"
    let summary = try await Self.run(recipe, in: world.folder)
    let score = try #require(summary.methods[0].languages.first { $0.language == "bb" })
    #expect(score.value > 0.9)
    let interval = try #require(score.interval)
    #expect(interval.low <= score.value && score.value <= interval.high)
  }

  @Test("another language's adapter is below in its answers, and the source needs none")
  func languageAdapters() async throws {
    let world = try TinyWorld()
    try Self.makeFiles(world)
    var recipe = try Self.recipe("tagging.yaml", world, steps: 3)
    recipe.methods = recipe.methods.filter { $0.name == "lora" }
    recipe.keep = "lora"
    let plain = try await Self.run(recipe, in: world.folder, to: "plain")
    let folder = world.folder.appendingPathComponent("languages/bb")
    let model = world.model
    try await Compute.run {
      try Engine.seed(6)
      let base = try TextEncoder(directory: model, prefix: .none)
      let adapter = try base.encoder.makeAdapter(.bottleneck(.language), name: "language")
      try GradientMode.disabled {
        for parameter in adapter.parameters {
          try parameter.tensor.copy(from: .normal(parameter.tensor.shape))
        }
      }
      adapter.bodyHash = try base.parameters.bodyHash()
      try adapter.save(to: folder, prefix: "bert", baseModel: "")
    }
    recipe.methods[0].below = [world.folder.path + "/languages/{lang}"]
    recipe.methods[0].sourceHasAdapter = false
    let stacked = try await Self.run(recipe, in: world.folder, to: "stacked")
    let file = "model/adapters/task/adapter_model.safetensors"
    #expect(
      try Data(contentsOf: world.folder.appendingPathComponent("plain/\(file)"))
        == Data(contentsOf: world.folder.appendingPathComponent("stacked/\(file)")))
    func value(_ summary: TaskRun.Summary, _ language: String) throws -> Double {
      try #require(summary.methods[0].languages.first { $0.language == language }).value
    }
    #expect(try value(plain, "bb") != value(stacked, "bb"))
    recipe.methods[0].sourceHasAdapter = true
    let error = await #expect(throws: TransformerError.self) {
      try await Self.run(recipe, in: world.folder, to: "above")
    }
    #expect(error?.location?.contains("languages/aa") ?? false, "\(String(describing: error))")
  }

  @Test("paragraphs that were learned from are measured on in no language")
  func cutsAtParagraphs() throws {
    let world = try TinyWorld()
    var paragraphs: [String] = []
    for number in 0..<4 {
      let questions = (0..<3).map {
        """
        {"id": "\(number)-\($0)", "question": "q\(number)\($0)", "answers": [{"text": "sun", "answer_start": 0}]}
        """
      }
      paragraphs.append(
        "{\"context\": \"sun \(number)\", \"qas\": [\(questions.joined(separator: ","))]}")
    }
    for language in ["aa", "bb"] {
      try world.write(
        "{\"data\": [{\"paragraphs\": [\(paragraphs.joined(separator: ","))]}]}",
        "qa/\(language).json")
    }
    let recipe = try Self.recipe("answering.yaml", world, steps: 1)
    var data = recipe.data
    data.learnFirst = 4
    let pattern = try RunFolder.files(
      importer: nil, path: data.path, seed: 1, requiresSplit: false,
      StageRunner(root: world.folder) { _, _ in }, { _ in })
    let read = try TaskRunData<ExtractiveAnswering>(data, pattern: pattern)
    // Four questions end within the second paragraph, so all of it is learned from.
    #expect(read.train.count == 6)
    #expect(read.test.map(\.language) == ["aa", "bb"])
    #expect(
      read.test.allSatisfy {
        $0.inputs.map(\.context).allSatisfy { ["sun 2", "sun 3"].contains($0) }
      })
    data.learnFirst = 12
    #expect(throws: RecipeError.self) {
      try TaskRunData<ExtractiveAnswering>(data, pattern: pattern)
    }
  }
}
