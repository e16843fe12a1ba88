// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics
import Tasks
import TestWorld
import Testing
import Torch

@testable import Transfer

/// What methods learn from beside the source's labels, several trainings of one, and what methods are worth over each other.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct TaskTeachingTests {
  private static func recipe(_ world: TinyWorld, _ methods: String, more: String = "") throws
    -> TaskRecipe
  {
    let text = world.taskRecipe(methods: methods, evaluation: "resamples: 100\(more)")
    return try RecipeDocument(text: text, path: "recipe.yaml").taskRecipe()
  }

  private static func data(
    _ recipe: TaskRecipe
  ) throws -> TaskRunData<SequenceClassification> {
    try TaskRunData(recipe.data, pattern: try CorpusPattern(try #require(recipe.data.path)))
  }

  @Test("shots are as many of each class of every target, drawn by the seed; sources come whole")
  func shots() throws {
    let world = try TinyWorld()
    let recipe = try Self.recipe(
      world, "[{method: head, shots: 2}, {name: joint, method: head, sources: [bb]}]")
    let data = try Self.data(recipe)
    let few = try data.examples(recipe.methods[0].teaching, seed: 1) { _ in }
    #expect(few.count == data.train.count + 2 * 2 * 2)
    let drawn = few.dropFirst(data.train.count)
    for language in ["bb", "cc"] {
      for label in ["warm", "cold"] {
        #expect(drawn.count { $0.input.text.hasPrefix(language) && $0.gold == label } == 2)
      }
    }
    #expect(
      try data.examples(recipe.methods[0].teaching, seed: 1) { _ in }.map(\.input)
        == few.map(\.input))
    let others = try (2..<6).map { seed in
      try data.examples(recipe.methods[0].teaching, seed: seed) { _ in }.map(\.input)
    }
    #expect(others.contains { $0 != few.map(\.input) })
    #expect(recipe.methods[0].teaching.furtherLabels == "2 of each class in every target")
    #expect(recipe.methods[1].teaching.summary == "with all of bb")
    let joint = try data.examples(recipe.methods[1].teaching, seed: 1) { _ in }
    #expect(joint.count == 48 && joint.suffix(24).allSatisfy { $0.input.text.hasPrefix("bb") })
    #expect(try data.inputs(recipe.methods[0].teaching).keys.sorted() == ["train.bb", "train.cc"])
  }

  @Test("source examples are learned from in other languages' words, where there is a dictionary")
  func switching() throws {
    let world = try TinyWorld()
    try world.write("sun\tsol\nsea\tmar\nice\thielo\n", "words/bb.txt")
    let recipe = try Self.recipe(
      world,
      "[{method: head, codeSwitch: {dictionaries: \"\(world.folder.path)/words/{lang}.txt\", limit: 10, copies: 2}}]"
    )
    let data = try Self.data(recipe)
    let teaching = recipe.methods[0].teaching
    let examples = try data.examples(teaching, seed: 1) { _ in }.dropFirst(data.train.count)
    #expect(!examples.isEmpty && examples.count <= 20)
    for example in examples {
      let words = example.input.text.split(separator: " ").dropFirst()
      #expect(words.contains { ["sol", "mar", "hielo"].contains($0) })
      #expect(!words.contains { ["sun", "sea", "ice"].contains($0) })
      #expect(
        (example.gold == "cold") == words.contains { ["hielo", "snow", "frost"].contains($0) })
    }
    #expect(try data.inputs(teaching).keys.sorted() == ["dictionary.bb"])
    // What is written is read again.
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").taskRecipe() == recipe)
  }

  @Test("gold stays with words, questions and queries that are put in other words")
  func rewritten() {
    let upper = { (text: String) in text.uppercased() }
    let tagged = TokenTagging.rewritten(LabelledExample(["a", "b"], ["X", "Y"]), by: upper)
    #expect(tagged.input == ["A", "B"] && tagged.gold == ["X", "Y"])
    let asked = ExtractiveAnswering.rewritten(
      LabelledExample(QuestionInput("who", context: "it was she"), AnswerGold([])), by: upper)
    #expect(asked.input.question == "WHO" && asked.input.context == "it was she")
    let sought = TextRetrieval.rewritten(
      LabelledExample(TextRetrieval.Input("where", "there"), 3), by: upper)
    #expect(sought.input.query == "WHERE" && sought.input.passage == "there" && sought.gold == 3)
    let judged = SequenceClassification.rewritten(
      LabelledExample(TextInput("a", "b"), "x"), by: upper)
    #expect(judged.input == TextInput("A", "B"))
  }

  @Test(
    "scores are means of several trainings, each with a seed of its own, and methods' worth is told"
  )
  func draws() async throws {
    let world = try TinyWorld()
    let recipe = try Self.recipe(
      world,
      "[{method: head, epochs: 1}, {name: more, method: lora, steps: 4, draws: 3, shots: 1}]",
      more: ", reference: head")
    let folder = world.folder
    let summary = try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      return try Engine.withThreads(1) {
        try TaskRun(recipe, output: folder.appendingPathComponent("out")).execute()
      }
    }
    let more = try #require(summary.methods.last)
    let draws = try #require(more.draws)
    #expect(draws.map(\.seed) == [1, 2, 3])
    for (place, language) in more.languages.enumerated() {
      let values = draws.map { $0.values[place] }
      #expect(abs(language.value - values.reduce(0, +) / 3) < 1e-12)
      let interval = try #require(language.interval)
      #expect(interval.low <= language.value && language.value <= interval.high)
    }
    #expect(summary.methods.first?.draws == nil)
    let gain = try #require(summary.gains.first)
    #expect(summary.gains.count == 1 && gain.method == "more" && gain.reference == "head")
    let expected = try #require(more.meanOfOthers("aa")) - summary.methods[0].meanOfOthers("aa")!
    #expect(abs(gain.difference - expected) < 1e-12)
    let results = try String(
      contentsOf: folder.appendingPathComponent("out/results.json"), encoding: .utf8)
    #expect(results.contains("accuracy_gain"))
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("learned from labels of other languages too"))
    let card = try String(
      contentsOf: summary.model.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(card.contains("means of 3 trainings") && !card.contains("zero-shot"))
    #expect(!card.contains("from no label in any other language"))
  }

  @Test("gains are means over other languages, and corrected for how many methods are compared")
  func gains() throws {
    func evidence(_ name: String, _ values: [Double]) throws -> TaskEvidence {
      let languages = try values.enumerated().map { index, value in
        try JSONDecoder().decode(
          TaskMeasurement.self,
          from: Data(
            "{\"language\": \"l\(index)\", \"count\": 9, \"scores\": [{\"metric\": \"f1\", \"value\": \(value)}]}"
              .utf8))
      }
      return TaskEvidence(
        method: name, parameterCount: 0, steps: 0, tokenCount: 0, languages: languages, mistakes: []
      )
    }
    let base = try evidence("base", [0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    let better = try evidence("better", [0.1, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6])
    let same = try evidence("same", [0.9, 0.6, 0.4, 0.5, 0.5, 0.6, 0.4])
    let gains = try MethodGain.all([base, better, same], over: "base", source: "l0", seed: 1)
    #expect(gains.map(\.method) == ["better", "same"])
    #expect(abs(gains[0].difference - 0.1) < 1e-12 && gains[0].better == 6)
    // Two of 2^6 exchanges part them as far.
    #expect(abs(gains[0].pValue - 2.0 / 64) < 1e-12 && abs(gains[0].adjusted - 4.0 / 64) < 1e-12)
    #expect(abs(gains[1].difference) < 1e-12 && gains[1].pValue == 1 && gains[1].adjusted == 1)
    #expect(try MethodGain.all([base], over: "base", source: "l0", seed: 1).isEmpty)
  }

  @Test(
    "mistakes are told in a sentence",
    arguments: [
      ("[{method: head, shots: -1}]", "", "shots"),
      ("[{method: head, sources: [aa]}]", "", "further languages"),
      ("[{method: head, codeSwitch: {dictionaries: words.txt}}]", "", "{lang}"),
      ("[{method: head, codeSwitch: {dictionaries: \"{lang}.txt\", share: 1}}]", "", "share"),
      (
        "[{method: head, codeSwitch: {dictionaries: \"{lang}.txt\", gloss: 0.5}}]", "",
        "without 'task'"
      ),
      (
        "[{method: lora, agree: {codeSwitch: {dictionaries: \"{lang}.txt\", gloss: 0}}}]", "",
        "without 'task'"
      ),
      ("[{method: head, draws: 0}]", "", "draws"),
      ("[{method: lora, agree: {weight: 1}}]", "", "where pairs come from"),
      ("[{method: lora, agree: {pairs: [a.tsv], weight: 0}}]", "", "weight"),
      ("[{method: lora, agree: {pairs: [a.tsv], rate: 1}}]", "", "rate"),
      ("[{method: lora, below: [\"x/{lang}\"], agree: {pairs: [a.tsv]}}]", "", "same adapters"),
      ("[{method: head}]", ", reference: absent", "absent"),
    ])
  func mistakes(methods: String, more: String, sentence: String) throws {
    let world = try TinyWorld()
    let error = #expect(throws: RecipeError.self) {
      try Self.recipe(world, methods, more: more)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(sentence))
  }

  @Test("answers agree about pairs of files and dictionaries, and other pairs are another run")
  func agrees() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try world.write(
      "source\ttarget\naa sun sea\tbb wind aa\naa ice snow\tbb aa wind\n", "pairs/bb.tsv")
    try world.write("sun\tsea\n", "words/cc.txt")
    try world.write("sun\tsea\n", "own/cc.txt")
    let recipe = try Self.recipe(
      world,
      """
      [{name: plain, method: lora, steps: 4, rate: 1e-2},
       {name: agreeing, method: lora, steps: 4, rate: 1e-2, codeSwitch: {dictionaries: "\(folder.path)/own/{lang}.txt", limit: 2},
         agree: {weight: 2, pairs: ["\(folder.path)/pairs/{lang}.tsv"],
         codeSwitch: {dictionaries: "\(folder.path)/words/{lang}.txt", limit: 5}}}]
      """)
    #expect(recipe.methods[1].agreement?.weight == 2)
    func run() async throws -> [String] {
      try await Compute.run {
        if !FileManager.default.fileExists(atPath: folder.appendingPathComponent("base").path) {
          try TinyWorld.makeModel(in: folder)
        }
        var lines: [String] = []
        _ = try Engine.withThreads(1) {
          try TaskRun(recipe, output: folder.appendingPathComponent("out")) { lines.append($0) }
            .execute()
        }
        return lines
      }
    }
    let first = try await run()
    func count(_ lines: [String]) -> Int? {
      lines.lazy.compactMap { $0.firstMatch(of: /agreeing: .* ([0-9]+) pairs of texts to agree/) }
        .first.flatMap { Int($0.1) }
    }
    let pairs = try #require(count(first))
    #expect(pairs > 2 && pairs <= 7, "two of a file, and up to five switched texts")
    #expect(!first.contains { $0.contains("plain: ") && $0.contains("to agree") })
    #expect(try await run().contains("methods/agreeing: there already"))
    try world.write("sun\tsand\n", "words/cc.txt")
    #expect(count(try await run()) == pairs, "other words are another run")
    try world.write("source\ttarget\naa sun sea\tbb frost\n", "pairs/bb.tsv")
    let again = try await run()
    #expect(again.contains("methods/plain: there already"))
    #expect(count(again) == pairs - 1)
  }

  @Test("tagged sentences stay whole when they are put in other words to be compared")
  func sentences() throws {
    let world = try TinyWorld()
    let sentences = "sun\tN\nshines\tV\n\nice\tN\nmelts\tV\n\nwind\tN\n\n"
    for language in ["aa", "bb"] { try world.write(sentences, "tags/\(language)/test.tsv") }
    try world.write(sentences, "tags/aa/train.tsv")
    try world.write("sun\tsol\nice\thielo\nmelts\tfunde\n", "words/bb.txt")
    let root = world.folder.path
    let text = """
      recipe: transfer/v1
      task: tagging
      name: tags
      base: {model: "\(world.model.path)", prefix: none}
      data: {path: "\(root)/tags/{lang}/{split}.tsv", source: aa}
      methods: [{method: lora, agree: {codeSwitch: {dictionaries: "\(root)/words/{lang}.txt"}}}]
      """
    let recipe = try RecipeDocument(text: text, path: "recipe.yaml").taskRecipe()
    let data = try TaskRunData<TokenTagging>(
      recipe.data, pattern: try CorpusPattern(try #require(recipe.data.path)))
    let agreement = try #require(recipe.methods[0].agreement)
    let pairs = try RecipePairs(data, agreement.pairs, agreement.codeSwitching, seed: 1)
    #expect(pairs.pairs.map(\.source) == ["sun shines", "ice melts"])
    #expect(pairs.pairs.map(\.target) == ["sol shines", "hielo funde"])
    #expect(pairs.pairs.allSatisfy { $0.language == "bb" })
    #expect(pairs.inputs().keys.sorted() == ["dictionary.bb"])
  }

  @Test("a target without a training split has no shots, and no dictionary no words")
  func absent() throws {
    let world = try TinyWorld()
    try FileManager.default.removeItem(
      at: world.folder.appendingPathComponent("data/cc/train.tsv"))
    let recipe = try Self.recipe(
      world,
      "[{method: head, shots: 1}, {name: words, method: head, codeSwitch: {dictionaries: \"/absent/{lang}.txt\"}}]"
    )
    let data = try Self.data(recipe)
    let shots = #expect(throws: RecipeError.self) { try data.inputs(recipe.methods[0].teaching) }
    #expect("\(shots.map { "\($0)" } ?? "")".contains("no 'train' split of 'cc'"))
    let words = #expect(throws: RecipeError.self) { try data.inputs(recipe.methods[1].teaching) }
    #expect("\(words.map { "\($0)" } ?? "")".contains("no target has a dictionary"))
  }
}
