// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch

@testable import Transfer

/// A recipe that learns its own word vectors, on tiny data.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct VectorRecipeTests {
  private static let vectors =
    "{dimension: 12, epochs: 60, minimumCount: 1, buckets: 300, sampling: 1, window: 2, common: none}"

  private static func recipe(
    _ world: TinyWorld, base: String? = nil,
    methods: String = "[{name: words, features: words}, {name: static}]", more: String = ""
  ) -> String {
    """
    recipe: transfer/v1
    name: tiny
    base: \(base ?? "{model: vectors, vectors: \(vectors)}")
    data:
      path: "\(world.folder.path)/data/{lang}/{split}.tsv"
      source: aa
    methods: \(methods)
    evaluation: {resamples: 100, points: 60}
    \(more)
    """
  }

  @discardableResult
  private func run(
    _ world: TinyWorld, _ recipe: String, to output: String, threads: Int = 1,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TransferRun.Summary {
    let folder = world.folder
    return try await Compute.run {
      try Engine.withThreads(threads) {
        let recipe = try RecipeDocument(text: recipe, path: "tiny.yaml").recipe()
        return try TransferRun(recipe, output: folder.appendingPathComponent(output), log: log)
          .execute()
      }
    }
  }

  @Test("vectors are learnt, compared with a bag of words, and kept in a model that stands alone")
  func wholeRun() async throws {
    let world = try TinyWorld()
    let summary = try await run(world, Self.recipe(world), to: "out")
    #expect(summary.methods.map(\.method) == ["words", "static"])
    #expect(summary.methods[1].source > 0.9)
    #expect(summary.comparisons.map(\.language) == ["aa", "bb", "cc"])
    let results = try String(
      contentsOf: world.folder.appendingPathComponent("out/results.json"), encoding: .utf8)
    #expect(results.contains("accuracy_gain") && results.contains("static - words"))
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("bag of words") && report.contains("no test row is among them"))
    // The model alone, elsewhere, says the same.
    let moved = world.folder.appendingPathComponent("moved")
    try FileManager.default.copyItem(at: summary.model, to: moved)
    try FileManager.default.removeItem(at: world.folder.appendingPathComponent("out/encoder"))
    let answers: [[Float]] = try await Compute.run {
      let classifier = try TextClassifier(directory: moved)
      let rows = classifier.encoder.rows(["bb sun sea", "cc ice snow"])
      return try classifier.probabilities(rows, languages: ["bb", nil])
    }
    let names = try TextClassifier.description(of: moved).labels.names
    #expect(
      answers.map { row in names[row.indices.max { row[$0] < row[$1] } ?? 0] } == ["warm", "cold"])
  }

  @Test("words stand beside vectors, in the model that is kept too")
  func wordsBeside() async throws {
    let world = try TinyWorld()
    let recipe = Self.recipe(
      world, methods: "[{name: words, features: words}, {name: both, words: 1.5}]")
    let summary = try await run(world, recipe, to: "out")
    #expect(summary.methods.map(\.method) == ["words", "both"])
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("own words beside it"))
    #expect(summary.methods[1].source > 0.9)
    let folder = summary.model
    #expect(
      FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("words.safetensors").path))
    let (with, without): ([[Float]], [[Float]]) = try await Compute.run {
      let classifier = try TextClassifier(directory: folder)
      let rows = classifier.encoder.rows(["aa sun sea"])
      let file = folder.appendingPathComponent("koine.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      let with = try classifier.probabilities(rows, languages: ["aa"])
      try Data(
        text.replacingOccurrences(of: "\"hasWords\" : true", with: "\"hasWords\" : false").utf8
      )
      .write(to: file)
      return (with, try TextClassifier(directory: folder).probabilities(rows, languages: ["aa"]))
    }
    #expect(with != without)
    // The same run again finds its stages, and gives the same.
    try await run(world, recipe, to: "again", threads: 2)
    for name in ["words.safetensors", "classifier.safetensors"] {
      #expect(
        try Data(contentsOf: folder.appendingPathComponent(name))
          == Data(contentsOf: world.folder.appendingPathComponent("again/model/\(name)")))
    }
  }

  @Test("one thread and two give the same bytes, and what is there is not made again")
  func isDeterministic() async throws {
    let world = try TinyWorld()
    let recipe = Self.recipe(world)
    try await run(world, recipe, to: "one", threads: 1)
    try await run(world, recipe, to: "two", threads: 2)
    let model = world.folder.appendingPathComponent("one/model").path
    let names = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
    #expect(names.contains("encoder.json") && names.contains("words.bb.vectors"))
    for name in names.map({ "model/\($0)" }) + ["results.json"] {
      let (first, second) = (
        world.folder.appendingPathComponent("one/\(name)"),
        world.folder.appendingPathComponent("two/\(name)")
      )
      #expect(try Data(contentsOf: first) == Data(contentsOf: second), "\(name)")
    }
    let lines = Lines()
    try await run(world, recipe, to: "one") { lines.append($0) }
    for stage in ["encoder", "features", "methods/words", "methods/static", "model"] {
      #expect(lines.all.contains("\(stage): there already"), "\(stage)")
    }
  }

  @Test("lines that say the same bring languages without a common word together")
  func parallel() async throws {
    let world = try TinyWorld()
    let pairs = [
      "sun": "helios", "sea": "okean", "sand": "psamm", "ice": "krystal", "snow": "chion",
      "frost": "pagos",
    ]
    func translated(_ text: String) -> String {
      text.split(separator: " ").map { pairs[String($0)] ?? String($0) }.joined(separator: " ")
    }
    let groups = [["sun", "sea", "sand"], ["ice", "snow", "frost"]]
    var table = "source\ttarget\n"
    for index in 0..<120 {
      let group = groups[index % 2]
      let line = "aa \(group[index % 3]) \(group[(index / 3) % 3])"
      table += "\(line)\t\(translated(line).replacingOccurrences(of: "aa", with: "dd"))\n"
    }
    try world.write(table, "parallel/aa-dd.tsv")
    var test = "text\tlabel\n"
    for index in 0..<12 {
      let group = groups[index % 2]
      let text = translated("dd \(group[index % 3]) \(group[(index / 2) % 3])")
      test += "\(text)\t\(index % 2 == 0 ? "warm" : "cold")\n"
    }
    try world.write(test, "data/dd/test.tsv")
    let vectors =
      Self.vectors.dropLast() + ", parallel: \"\(world.folder.path)/parallel/aa-{lang}.tsv\"}"
    let recipe = Self.recipe(world, base: "{model: vectors, vectors: \(vectors)}")
    let summary = try await run(world, recipe, to: "out")
    let scores = summary.methods.map { method in
      method.languages.first { $0.language == "dd" }?.accuracy ?? 0
    }
    #expect(scores[0] <= 0.6, "no word is common to both languages")
    #expect(scores[1] >= 0.9)
  }

  @Test(
    "what word vectors cannot do is refused in one sentence",
    arguments: [
      ("{model: vectors}", "[{name: t, tuning: careful}]", "no layers to tune"),
      ("{model: \"vectors:somewhere\"}", "[{name: t, tuning: naive}]", "no layers to tune"),
      ("{model: vectors, prefix: query}", "[{name: a}]", "'prefix'"),
      ("{model: vectors, romanize: auto}", "[{name: a}]", "'romanize'"),
      ("{model: e5-small, vectors: {dimension: 5}}", "[{name: a}]", "'vectors'"),
      ("{model: vectors, vectors: {shortest: 4, longest: 3}}", "[{name: a}]", "'longest'"),
      ("{model: vectors, vectors: {parallel: here.tsv}}", "[{name: a}]", "{lang}"),
      ("{model: vectors}", "[{name: w, features: words}]", "cannot be kept"),
      (
        "{model: vectors}", "[{name: w, features: words, center: language}, {name: a}]",
        "'features'"
      ),
      ("{model: vectors}", "[{name: a, words: -1}]", "'words'"),
      ("{model: vectors}", "[{name: w, features: words, words: 1}, {name: a}]", "'words'"),
    ])
  func refuses(base: String, methods: String, sentence: String) throws {
    let world = try TinyWorld()
    let text = Self.recipe(world, base: base, methods: methods)
    #expect {
      try RecipeDocument(text: text, path: "tiny.yaml").recipe()
    } throws: { error in
      (error as? RecipeError).map {
        $0.message.contains(sentence) && $0.location?.hasPrefix("tiny.yaml:") == true
      } ?? false
    }
  }

  @Test("a directory that holds no encoder of word vectors is named")
  func missing() async throws {
    let world = try TinyWorld()
    let base = "{model: \"vectors:\(world.folder.path)/none\"}"
    await #expect {
      try await run(world, Self.recipe(world, base: base), to: "out")
    } throws: {
      "\($0)".contains("\(world.folder.path)/none")
    }
  }

  @Test("a resolved recipe reads back as itself")
  func roundTrip() throws {
    let world = try TinyWorld()
    let recipe = try RecipeDocument(text: Self.recipe(world), path: "r").recipe()
    #expect(try RecipeDocument(text: recipe.yaml(), path: "r").recipe() == recipe)
    #expect(recipe.base.prefix == .none && recipe.base.isStatic)
  }
}
