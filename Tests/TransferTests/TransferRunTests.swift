// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Training
import Transformers

@testable import Transfer

/// The main job end to end, on a tiny encoder and tiny data.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct TransferRunTests {
  private static let methods = """
    [{name: frozen}, {name: centred, center: language},
     {name: tuned, center: language, tuning: {layers: 1, epochs: 2, batchSize: 8}},
     {name: naive, tuning: {preset: naive, epochs: 1}}]
    """

  @discardableResult
  private func run(
    _ world: TinyWorld, _ recipe: String? = nil, to output: String = "out", threads: Int = 2,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TransferRun.Summary {
    let text = recipe ?? world.recipe(Self.methods)
    let folder = world.folder
    return try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      let recipe = try RecipeDocument(text: text, path: "tiny.yaml").recipe()
      // Other suites share the engine: what a run is given must not depend on what they left.
      return try Engine.withThreads(threads) {
        try TransferRun(recipe, output: folder.appendingPathComponent(output), log: log).execute()
      }
    }
  }

  @Test("a run leaves results, a report and a model that classifies")
  func leavesEverything() async throws {
    let world = try TinyWorld()
    let summary = try await run(world)
    #expect(summary.methods.map(\.method) == ["frozen", "centred", "tuned", "naive"])
    #expect(summary.methods[0].languages.map(\.language) == ["aa", "bb", "cc"])
    #expect(summary.methods[0].source > 0.9)
    let results = try String(
      contentsOf: world.folder.appendingPathComponent("out/results.json"), encoding: .utf8)
    #expect(results.contains("\"macro_f1\"") && results.contains("\"ece\""))
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("<html") && report.contains("centred"))
    let model = summary.model
    let labels = try await Compute.run {
      let classifier = try TextClassifier(directory: model)
      let rows = classifier.encoder.rows(["bb sun sea", "cc ice snow"])
      return try classifier.probabilities(rows, languages: ["bb", nil]).map(\.count)
    }
    #expect(labels == [2, 2])
  }

  @Test(
    "methods that are taken together answer by the mean of their log-probabilities, in the run and in the model"
  )
  func takenTogether() async throws {
    let world = try TinyWorld()
    let summary = try await run(
      world,
      world.recipe(
        """
        [{name: centred, center: language},
         {name: tuned, seed: 3, tuning: {layers: 1, epochs: 1, batchSize: 8}},
         {name: both, members: [centred, tuned]}]
        """))
    #expect(summary.kept == "both")
    let folder = world.folder
    let texts = try world.texts("bb", "test")
    let (own, expected, answers) = try await Compute.run {
      let methods = try ["centred", "tuned", "both"].map {
        try MethodArtifacts(contentsOf: folder.appendingPathComponent("out/methods/\($0)"))
          .probabilities["bb"] ?? []
      }
      let classifier = try TextClassifier(directory: summary.model)
      let answers = try classifier.probabilities(
        classifier.rows(texts, languages: texts.map { _ in "bb" }),
        languages: texts.map { _ in "bb" })
      return (methods, TextClassifier.together([methods[0], methods[1]]), answers)
    }
    try #require(own[2].count > 4 && own[2].count == answers.count)
    #expect(own[2] == expected && own[0] != own[1])
    for (row, both) in own[2].enumerated() {
      let geometric = zip(own[0][row], own[1][row]).map { sqrt($0 * $1) }
      let total = geometric.reduce(0, +)
      for (label, probability) in both.enumerated() {
        #expect(abs(probability - geometric[label] / total) < 1e-4)
        #expect(abs(probability - answers[row][label]) < 1e-3)
      }
    }
    let card = try String(
      contentsOf: summary.model.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(card.contains("2 classifiers that answer together: centred, tuned"))
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("centred, tuned together"))
  }

  private func expectSameBytes(_ world: TinyWorld, _ one: String, _ two: String) throws {
    for file in ["results.json", "model/model.safetensors", "model/classifier.safetensors"] {
      let first = try Data(contentsOf: world.folder.appendingPathComponent("\(one)/\(file)"))
      let second = try Data(contentsOf: world.folder.appendingPathComponent("\(two)/\(file)"))
      #expect(first == second, "\(file)")
    }
  }

  @Test("the same recipe gives the same bytes")
  func isDeterministic() async throws {
    let world = try TinyWorld()
    try await run(world, to: "one")
    try await run(world, to: "two")
    try expectSameBytes(world, "one", "two")
  }

  @Test("one thread and two give the same bytes where nothing is tuned")
  func threadsChangeNothing() async throws {
    let world = try TinyWorld()
    let recipe = world.recipe("[{name: frozen}, {name: centred, center: language}]")
    for count in [1, 2] {
      try await run(world, recipe, to: "threads-\(count)", threads: count)
    }
    try expectSameBytes(world, "threads-1", "threads-2")
  }

  @Test("what is there is not made again, what is missing or damaged is")
  func resumes() async throws {
    let world = try TinyWorld()
    try await run(world)
    let damaged = world.folder.appendingPathComponent("out/methods/centred/head.safetensors")
    try Data("no".utf8).write(to: damaged)
    try FileManager.default.createDirectory(
      at: world.folder.appendingPathComponent("out/methods/frozen.partial"),
      withIntermediateDirectories: true)
    let lines = Lines()
    try await run(world) { lines.append($0) }
    #expect(lines.all.contains("features: there already"))
    #expect(lines.all.contains("methods/frozen: there already"))
    #expect(lines.all.contains("methods/centred:"))
  }

  @Test("labels of other languages change nothing but their scores")
  func labelsStaySealed() async throws {
    let world = try TinyWorld()
    try await run(world, to: "honest")
    for language in ["bb", "cc"] {
      for split in ["train", "dev", "test"] {
        let file = world.folder.appendingPathComponent("data/\(language)/\(split).tsv")
        let text = try String(contentsOf: file, encoding: .utf8)
        let swapped = text.replacingOccurrences(of: "\twarm\n", with: "\tX\n")
          .replacingOccurrences(of: "\tcold\n", with: "\twarm\n")
          .replacingOccurrences(of: "\tX\n", with: "\tcold\n")
        try Data(swapped.utf8).write(to: file)
      }
    }
    try await run(world, to: "swapped")
    let model = "model/classifier.safetensors"
    #expect(
      try Data(contentsOf: world.folder.appendingPathComponent("honest/\(model)"))
        == Data(contentsOf: world.folder.appendingPathComponent("swapped/\(model)")))
  }

  @Test(
    "a mistake in the data gives one sentence that says where",
    arguments: [
      ("data/aa/train.tsv", "", "train.tsv: the file is empty"),
      ("data/aa/train.tsv", "text\tlabel\nsun\twarm\nsea\twarm\n", "at least two classes"),
      ("data/bb/test.tsv", "text\tlabel\nsun\thot\n", "the label 'hot'"),
      ("data/bb/test.tsv", "words\tlabel\nsun\twarm\n", "no column 'text'"),
      (
        "data/aa/train.tsv", "text\tlabel\nsun\n",
        "train.tsv:2: the row is ragged: expected 2 fields"
      ),
    ])
  func badData(path: String, content: String, sentence: String) async throws {
    let world = try TinyWorld()
    try world.write(content, path)
    let error = await #expect(throws: (any Error).self) { try await run(world) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(sentence))
    #expect(
      !FileManager.default.fileExists(
        atPath: world.folder.appendingPathComponent("out/results.json").path))
  }

  @Test("a tokenizer that does not belong to the model is refused")
  func wrongVocabulary() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    let error = await #expect(throws: TransformerError.self) {
      try await Compute.run {
        try TinyWorld.makeModel(in: folder, vocabularySize: 20)
        _ = try TextEncoder(directory: folder.appendingPathComponent("base"))
      }
    }
    #expect(error?.message.contains("do not belong together") == true)
  }

  @Test("a language's mean is that of text from all over its file, not of the first class in it")
  func samplesEverywhere() {
    let texts = (0..<3000).map(String.init)
    let sample = TaskData.sample(texts, 300).compactMap(Int.init)
    #expect(sample.count == 300 && Set(sample).count == sample.count)
    let mean = Double(sample.reduce(0, +)) / Double(sample.count)
    #expect(abs(mean - 1500) < 150)
    #expect(TaskData.sample(texts, 300).compactMap(Int.init) == sample)
    #expect(TaskData.sample(["a"], 300) == ["a"])
  }

  @Test("vectors and states are the same, bit by bit, whatever the number of threads")
  func lanesChangeNothing() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      let encoder = try TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none)
      let words = ["sun", "sea", "ice", "frost", "aa"]
      let rows = encoder.rows(
        (0..<300).map { row in
          (0...(row % 23)).map { words[($0 * 7 + row) % 5] }.joined(separator: " ")
        })
      #expect(rows.reduce(0) { $0 + $1.count } > 4 * TokenBatches.inferenceTokenLimit)
      var vectors: [[Float]] = []
      var states: [[Float]] = []
      for threads in [1, 2, 3] {
        try Engine.withThreads(threads) {
          vectors.append(try encoder.embed(rows).elements(as: Float.self))
          states.append(
            try Tensor.concatenated(encoder.states(rows, through: 1)).elements(as: Float.self))
        }
      }
      #expect(vectors[0] == vectors[1] && vectors[0] == vectors[2])
      #expect(states[0] == states[1] && states[0] == states[2])
      // Each row by itself, which has no batch to be in the wrong place of.
      let single = try rows.flatMap { try encoder.embed([$0]).elements(as: Float.self) }
      #expect(zip(single, vectors[0]).allSatisfy { abs($0 - $1) < 1e-5 })
      let mean = try #require(try encoder.meanState(rows, through: 1)).elements(as: Float.self)
      let width = encoder.width
      let expected = (0..<width).map { column in
        stride(from: column, to: states[0].count, by: width).reduce(0.0) {
          $0 + Double(states[0][$1])
        }
          / Double(states[0].count / width)
      }
      #expect(zip(mean, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
  }

  @Test(
    "a setting that changes the data changes the results, in the same folder",
    arguments: [
      ("limit: 8", "features"), ("unlabelled: 5", "features"), ("targets: [bb]", "features"),
      ("label: other", "features"),
    ])
  func noStaleStages(setting: String, stage: String) async throws {
    let world = try TinyWorld()
    for language in ["aa", "bb", "cc"] {
      for split in ["train", "dev", "test"] {
        let file = world.folder.appendingPathComponent("data/\(language)/\(split).tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let wider = lines.enumerated().map { row, line in
          row == 0 ? "\(line)\tother" : "\(line)\t\(row % 3 == 0 ? "x" : "y")"
        }
        try Data((wider.joined(separator: "\n") + "\n").utf8).write(to: file)
      }
    }
    let recipe = world.recipe("[{name: frozen, center: language}]")
    try await run(world, recipe)
    let changed = recipe.replacingOccurrences(
      of: "  source: aa\n", with: "  source: aa\n  \(setting)\n")
    #expect(changed != recipe)
    let lines = Lines()
    try await run(world, changed) { lines.append($0) }
    #expect(!lines.all.contains("\(stage): there already"))
    try await run(world, changed, to: "fresh")
    for file in ["results.json", "model/classifier.safetensors"] {
      #expect(
        try Data(contentsOf: world.folder.appendingPathComponent("out/\(file)"))
          == Data(contentsOf: world.folder.appendingPathComponent("fresh/\(file)")))
    }
  }

  @Test("tuning that diverges says so instead of going on")
  func divergence() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      let encoder = try TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none)
      var configuration = TuningConfiguration.careful
      configuration.layers = 1
      let head = SoftmaxHead(
        weight: try .full([2, encoder.width], .infinity), bias: try .zeros([2]))
      let error = #expect(throws: TaskError.self) {
        try ClassifierTuner(encoder, configuration).tune(
          .init(rows: encoder.rows(["aa sun", "aa ice"]), labels: [0, 1]), head: head, seed: 1)
      }
      #expect(error?.code == .training && error?.message.contains("'rate'") == true)
    }
  }

  @Test("vectors follow weights that were changed in place")
  func noStaleWeights() async throws {
    let world = try TinyWorld()
    let folder = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: folder)
      let encoder = try TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none)
      let rows = encoder.rows(["aa sun sea", "bb ice", "cc"])
      let before = try encoder.embed(rows).elements(as: Float.self)
      #expect(try encoder.embed(rows).elements(as: Float.self) == before)
      let name = "encoder.layer.0.intermediate.dense.weight"
      let weight = try #require(encoder.parameters[name])
      try weight.setRequiresGradient()
      let optimiser = AdamW([.init([weight], rate: 0.1, weightDecay: 0)])
      let batch = try PackedBatch(rows, for: encoder.encoder.configuration)
      try encoder.encoder(batch).sum([0, 1]).backward()
      try optimiser.step()
      let after = try encoder.embed(rows).elements(as: Float.self)
      let plain = try GradientMode.disabled {
        try Pooling.mean(encoder.encoder(batch), batch).normalized().elements(as: Float.self)
      }
      #expect(zip(after, plain).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(zip(after, before).contains { abs($0 - $1) > 1e-3 })
    }
  }

  @Test("tensors are given back when a run is over")
  func leaksNothing() async throws {
    let world = try TinyWorld()
    try await run(world, to: "first")
    let before = await Compute.run { Tensor.liveCount }
    try await run(world, to: "second")
    let after = await Compute.run { Tensor.liveCount }
    #expect(after == before)
  }
}

/// Lines that a run logged.
final class Lines: @unchecked Sendable {
  // Guarded by the lock: the log is called from the compute thread.
  private let lock = NSLock()
  private var lines: [String] = []

  func append(_ line: String) { lock.withLock { lines.append(line) } }
  var all: [String] { lock.withLock { lines } }
}
