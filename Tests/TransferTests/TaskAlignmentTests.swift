// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Training
import Transformers

@testable import Transfer

/// Alignments of recipes: adapters below other languages' answers, in stages, from pairs and by dictionaries.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct TaskAlignmentTests {
  private static func recipe(_ world: TinyWorld, _ alignments: String, _ methods: String) throws
    -> TaskRecipe
  {
    let text = world.taskRecipe(methods: methods, alignments: alignments)
    return try RecipeDocument(text: text, path: "recipe.yaml").taskRecipe()
  }

  private static func run(
    _ recipe: TaskRecipe, in folder: URL, to output: String = "out",
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TaskRun.Summary {
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      return try Engine.withThreads(1) {
        try TaskRun(recipe, output: folder.appendingPathComponent(output), log: log).execute()
      }
    }
  }

  /// Words of a language that says everything backwards.
  private static func makePairs(_ world: TinyWorld) throws {
    let words = ["sun", "sea", "sand", "ice", "snow", "frost"]
    var (pairs, table) = ("source\ttarget\n", "")
    for one in words {
      let back = String(one.reversed())
      table += "\(one)\t\(back)\n"
      for other in words { pairs += "\(one) \(other)\t\(back) \(String(other.reversed()))\n" }
    }
    try world.write(pairs, "pairs/bb.tsv")
    try world.write(table, "words/cc.txt")
  }

  private func values(_ summary: TaskRun.Summary, _ method: Int) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: summary.methods[method].languages.map { ($0.language, $0.value) })
  }

  @Test(
    "one adapter serves all languages but the source, which is answered as without; nothing is trained twice"
  )
  func shared() async throws {
    let world = try TinyWorld()
    try Self.makePairs(world)
    let root = world.folder.path
    let recipe = try Self.recipe(
      world,
      """
      [{name: bound, pairs: ["\(root)/pairs/{lang}.tsv"], rate: 1e-2, batchSize: 8, heldOut: 4, objective: [contrastive, pivot=1:0.1],
        stages: [{codeSwitch: {dictionaries: "\(root)/words/{lang}.txt"}, steps: 3, objective: [contrastive]}, {steps: 12}]}]
      """,
      "[{name: plain, method: lora, steps: 8, rate: 1e-2}, {name: aligned, method: lora, steps: 8, rate: 1e-2, align: bound}]"
    )
    #expect(recipe.alignments[0].stages.count == 2)
    #expect(recipe.alignments[0].stages[0].pairs.isEmpty)
    #expect(recipe.alignments[0].stages[1].plan.steps == 12)
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").taskRecipe() == recipe)
    let lines = Lines()
    let summary = try await Self.run(recipe, in: world.folder) { lines.append($0) }
    #expect(lines.all.contains { $0.hasPrefix("bound, stage 2: ") && $0.contains("1 languages") })
    #expect(values(summary, 0)["aa"] == values(summary, 1)["aa"])
    let scores = { (method: String) in
      try String(
        contentsOf: world.folder.appendingPathComponent("out/methods/\(method)/scores.json"),
        encoding: .utf8)
    }
    let answers = try #require(summary.methods[1].languages.last)
    #expect(answers.language == "cc")
    #expect(try scores("plain") != scores("aligned"))
    let adapter = world.folder.appendingPathComponent("out/alignments/bound/adapter")
    #expect(
      FileManager.default.fileExists(
        atPath: adapter.appendingPathComponent("adapter_config.json").path))
    #expect(summary.below == [adapter.path])
    let base = world.model
    let merged = world.folder.appendingPathComponent("merged")
    try await Compute.run {
      func vectors(_ change: (TextEncoder) throws -> Void) throws -> [Float] {
        let encoder = try TextEncoder(directory: base, prefix: .none)
        try change(encoder)
        return try encoder.embed(encoder.rows(["bb nus", "cc eci wons"])).elements(as: Float.self)
      }
      let below = LowerAdapters([adapter.path])
      let plain = try vectors { _ in }
      let adapted = try vectors { try below.apply(to: $0) }
      let whole = try vectors {
        try below.merge(into: $0)
        try $0.write(to: merged)
      }
      #expect(zip(adapted, whole).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(zip(adapted, plain).contains { abs($0 - $1) > 1e-3 })
      let again = try TextEncoder(directory: merged, prefix: .none)
      #expect(
        try again.embed(again.rows(["bb nus", "cc eci wons"])).elements(as: Float.self) == whole)
      // What belongs to the base does not belong to what it became.
      #expect(throws: TransformerError.self) { try below.merge(into: again) }
    }
    let card = try String(
      contentsOf: summary.model.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(card.contains("--below alignments/bound/adapter") && card.contains("- zero-shot"))
    let again = Lines()
    _ = try await Self.run(recipe, in: world.folder) { again.append($0) }
    #expect(again.all.contains("alignments/bound: there already"))
    #expect(again.all.contains("methods/aligned: there already"))
  }

  @Test("a pair counts as much as its score says where that is asked for")
  func scores() throws {
    let world = try TinyWorld()
    try world.write(
      "source\ttarget\tscore\nsun\tsol\t1.5\nsea\tmar\t0.5\n", "pairs/bb.tsv")
    try world.write("source\ttarget\nsun\tsol\n", "pairs/cc.tsv")
    try world.write("source\ttarget\tscore\nsun\tsol\t1\nsea\tmar\t-0.5\n", "pairs/dd.tsv")
    func weights(_ language: String, _ weighs: Bool) throws -> [Float] {
      try PairSource("\(world.folder.path)/pairs/\(language).tsv=\(language)")
        .pairs(weighsByScore: weighs).map(\.weight)
    }
    #expect(try weights("bb", true) == [1.5, 0.5] && weights("bb", false) == [1, 1])
    #expect(try weights("cc", true) == [1] && weights("dd", false) == [1, 1])
    let error = #expect(throws: CorpusError.self) { try weights("dd", true) }
    #expect(
      error?.description.contains("dd.tsv") == true && error?.description.contains("-0.5") == true)
    let recipe = try Self.recipe(
      world,
      "[{name: bound, scoreWeights: true, pairs: [\"\(world.folder.path)/pairs/{lang}.tsv\"]}]",
      "[{method: head, align: bound}]")
    #expect(recipe.alignments[0].weighsByScore)
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").taskRecipe() == recipe)
  }

  @Test("near languages come before far ones, as the base sees them")
  func nearToFar() async throws {
    let order = LanguageOrder([
      .init(language: "far", nearness: 0.1), .init(language: "near", nearness: 0.5),
      .init(language: "also", nearness: 0.1),
    ])
    #expect(order.places.map(\.language) == ["near", "also", "far"])
    #expect(order.nearest(1.0 / 3) == ["near"])
    #expect(order.nearest(0.01) == ["near"])
    #expect(order.nearest(2.0 / 3) == ["near", "also"])
    #expect(order.nearest(1).count == 3)

    let world = try TinyWorld()
    let texts = ["sun sea", "ice snow", "frost", "sand sun", "sea ice", "snow"]
    // One language says what the source says, the other what has nothing to do with it.
    let rows = { (say: (Int) -> String) in
      "source\ttarget\n" + texts.indices.map { "\(texts[$0])\t\(say($0))\n" }.joined()
    }
    try world.write(rows { "cc " + texts[$0] }, "pairs/cc.tsv")
    try world.write(rows { "bb " + texts[($0 + 1) % 6] }, "pairs/bb.tsv")
    let root = world.folder.path
    func recipe(_ rest: String) throws -> TaskRecipe {
      try Self.recipe(
        world,
        "[{name: bound, pairs: [\"\(root)/pairs/{lang}.tsv\"], steps: 1, batchSize: 4, \(rest)}]",
        "[{method: head, epochs: 1, align: bound}]")
    }
    let course = try recipe("stages: near-to-far")
    let shares = course.alignments[0].stages.map { ($0.nearest * 3).rounded() }
    #expect(shares == [1, 2, 3])
    #expect(try RecipeDocument(text: course.yaml(), path: "again").taskRecipe() == course)
    let lines = Lines()
    _ = try await Self.run(course, in: world.folder) { lines.append($0) }
    let said = lines.all.first { $0.contains("from near to far: ") } ?? ""
    #expect(said.hasPrefix("bound: from near to far: cc "))
    let counts = (1...3).map { stage in
      lines.all.first { $0.hasPrefix("bound, stage \(stage): ") && $0.contains(" pairs of ") }
        ?? ""
    }
    #expect(counts[0].contains("pairs of 1 languages"))
    #expect(counts[1].contains("of 2 languages") && counts[2].contains("of 2 languages"))
    for (wrong, word) in [
      ("stages: far-to-near", "near-to-far"), ("shared: false, nearest: 0.5", "share"),
      ("nearest: 0", "nearest"),
    ] {
      let refused = #expect(throws: RecipeError.self) { try recipe(wrong) }
      #expect(refused?.message.contains(word) == true)
    }
  }

  @Test(
    "a language that does not come through a gate stops the run, or has no part in later stages")
  func gates() async throws {
    let world = try TinyWorld()
    try Self.makePairs(world)
    let root = world.folder.path
    func recipe(_ gate: String) throws -> TaskRecipe {
      try Self.recipe(
        world,
        """
        [{name: bound, rate: 1e-6, batchSize: 8, heldOut: 4, competence: 0.5,
          stages: [{pairs: ["\(root)/pairs/{lang}.tsv"], codeSwitch: {dictionaries: "\(root)/words/{lang}.txt"}, steps: 1, gate: \(gate)},
                   {codeSwitch: {dictionaries: "\(root)/words/{lang}.txt"}, steps: 1},
                   {pairs: ["\(root)/pairs/{lang}.tsv"], steps: 1}]}]
        """, "[{method: head, epochs: 1, align: bound}]")
    }
    let stopping = try recipe("{found: 1, repeats: 1}")
    #expect(try RecipeDocument(text: stopping.yaml(), path: "again").taskRecipe() == stopping)
    let lines = Lines()
    let error = await #expect(throws: RecipeError.self) {
      _ = try await Self.run(stopping, in: world.folder) { lines.append($0) }
    }
    #expect(error?.message.contains("gate") == true && error?.message.contains("bb") == true)
    // Once, and once more.
    #expect(lines.all.count { $0.contains("below the gate of 1.0") } == 2)

    let leaving = Lines()
    _ = try await Self.run(recipe("{found: 1, otherwise: leave}"), in: world.folder) {
      leaving.append($0)
    }
    let below = leaving.all.first { $0.contains("below the gate") } ?? ""
    // Of cc so few pairs are there that none is held out.
    #expect(below.contains("bb") && !below.contains("cc"))
    #expect(leaving.all.contains { $0.hasPrefix("bound, stage 2: ") && $0.contains("1 languages") })
    #expect(leaving.all.contains("bound, stage 3: no pairs"))
    #expect(
      FileManager.default.fileExists(
        atPath: "\(root)/out/alignments/bound/adapter/adapter_config.json"))
    let passing = Lines()
    _ = try await Self.run(recipe("{found: 0}"), in: world.folder) { passing.append($0) }
    #expect(!passing.all.contains { $0.contains("gate") || $0.contains("no pairs") })
    for (gate, word) in [
      ("{found: 2}", "found"), ("{}", "found"), ("{found: 1, other: stop}", "other"),
    ] {
      let refused = #expect(throws: RecipeError.self) { try recipe(gate) }
      #expect(refused?.message.contains(word) == true)
    }
  }

  @Test(
    "each language that has pairs gets an adapter of its own, the others are answered as without")
  func each() async throws {
    let world = try TinyWorld()
    try Self.makePairs(world)
    let recipe = try Self.recipe(
      world,
      "[{name: own, shared: false, pairs: [\"\(world.folder.path)/pairs/{lang}.tsv\"], steps: 12, rate: 3e-2, batchSize: 8, heldOut: 4}]",
      "[{name: plain, method: lora, steps: 8, rate: 1e-2}, {name: aligned, method: lora, steps: 8, rate: 1e-2, align: own}]"
    )
    let summary = try await Self.run(recipe, in: world.folder)
    #expect(values(summary, 0)["aa"] == values(summary, 1)["aa"])
    #expect(values(summary, 0)["cc"] == values(summary, 1)["cc"])
    let root = world.folder.appendingPathComponent("out/alignments/own")
    #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == ["bb"])
  }

  @Test("a language's adapter is trained again only when its own pairs change")
  func ownPairs() async throws {
    let world = try TinyWorld()
    try Self.makePairs(world)
    let pairs = try String(
      contentsOf: world.folder.appendingPathComponent("pairs/bb.tsv"), encoding: .utf8)
    try world.write(pairs, "pairs/cc.tsv")
    let recipe = try Self.recipe(
      world,
      "[{name: own, shared: false, pairs: [\"\(world.folder.path)/pairs/{lang}.tsv\"], steps: 2, batchSize: 8, heldOut: 4}]",
      "[{method: lora, steps: 1, align: own}]")
    _ = try await Self.run(recipe, in: world.folder)
    try world.write(pairs + "sun snow ice\tnus wons eci\n", "pairs/cc.tsv")
    let lines = Lines()
    _ = try await Self.run(recipe, in: world.folder) { lines.append($0) }
    #expect(lines.all.contains("alignments/own/bb: there already"))
    #expect(lines.all.contains("alignments/own/cc:"))
  }

  @Test("a stage goes on with the adapter of the one before")
  func stages() async throws {
    let world = try TinyWorld()
    try Self.makePairs(world)
    let root = world.folder.path
    func weights(_ stages: String, _ output: String) async throws -> Data {
      let recipe = try Self.recipe(
        world,
        "[{name: a, pairs: [\"\(root)/pairs/{lang}.tsv\"], batchSize: 8, rate: 1e-2, heldOut: 4, stages: \(stages)}]",
        "[{method: lora, steps: 1, align: a}]")
      _ = try await Self.run(recipe, in: world.folder, to: output)
      return try Data(
        contentsOf: world.folder.appendingPathComponent(
          "\(output)/alignments/a/adapter/adapter_model.safetensors"))
    }
    let one = try await weights("[{steps: 4}]", "one")
    // A second stage that moves next to nothing leaves what the first came to.
    let two = try await weights("[{steps: 4}, {steps: 1, rate: 1e-12}]", "two")
    let fresh = try await weights("[{steps: 1, rate: 1e-12}]", "fresh")
    func distance(_ a: Data, _ b: Data) -> Float {
      zip(floats(a), floats(b)).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(distance(one, two) < 1e-6)
    #expect(distance(one, fresh) > 1e-3)
  }

  /// The last numbers of a file, past its header.
  private func floats(_ data: Data) -> [Float] {
    let header = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    return data.dropFirst(8 + header).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  @Test(
    "mistakes are told in a sentence",
    arguments: [
      ("[]", "[{method: lora, align: absent}]", "there are none"),
      ("[{name: a, pairs: [x.tsv], method: full}]", "[{method: lora, align: a}]", "an adapter"),
      ("[{name: a}]", "[{method: lora, align: a}]", "where pairs come from"),
      ("[{name: a, pairs: [x.tsv], objective: [contrast]}]", "[{method: lora}]", "contrastive"),
      ("[{name: a, pairs: [x.tsv], stages: [{sampling: 1}]}]", "[{method: lora}]", "as a whole"),
      ("[{name: a b, pairs: [x.tsv]}]", "[{method: lora}]", "letters"),
      ("[{name: a, pairs: [x.tsv]}]", "[{method: full, align: a}]", "changes"),
      ("[{name: a, pairs: [x.tsv]}]", "[{method: lora, align: a, below: [x]}]", "exclude"),
    ])
  func mistakes(alignments: String, methods: String, sentence: String) throws {
    let world = try TinyWorld()
    let error = #expect(throws: RecipeError.self) {
      try Self.recipe(world, alignments, methods)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(sentence), "\(error.map { "\($0)" } ?? "")")
  }

  @Test("files of pairs that no target has are an error before anything is trained")
  func absent() async throws {
    let world = try TinyWorld()
    let recipe = try Self.recipe(
      world, "[{name: a, pairs: [\"/absent/{lang}.tsv\"]}]", "[{method: lora, align: a}]")
    let error = await #expect(throws: RecipeError.self) {
      try await Self.run(recipe, in: world.folder)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("no target has such a file of pairs"))
  }
}
