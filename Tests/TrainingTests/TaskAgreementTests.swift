// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch
import Transformers

@testable import Training

/// Answers that should be the same about texts and their translations.
@Suite(.serialized, .timeLimit(.minutes(60))) struct TaskAgreementTests {
  private struct Killed: Error {}

  private let world: TinyWorld

  init() throws { world = try TinyWorld() }

  private static func task() throws -> TokenTagging {
    TokenTagging(.init(labels: try LabelSet(["C", "O", "W"])))
  }

  /// Runs on the compute thread with a tiny base.
  private func withBase<Value: Sendable>(
    _ body: @escaping @Compute @Sendable (TextEncoder) throws -> Value
  ) async throws -> Value {
    let folder = world.folder
    return try await Compute.run {
      try Engine.withThreads(1) {
        try TinyWorld.makeModel(in: folder)
        return try body(
          TextEncoder(directory: folder.appendingPathComponent("base"), prefix: .none))
      }
    }
  }

  private static func softmax(_ scores: [Float]) -> [Double] {
    let powers = scores.map { exp(Double($0)) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  private static func divergence(_ wanted: [Float], _ found: [Float]) -> Double {
    zip(softmax(wanted), softmax(found)).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
  }

  @Test("the loss is the mean divergence of linked words' tags, and none of the same sentences")
  func values() async throws {
    try await withBase { base in
      let task = try Self.task()
      let rows = RowEncoder(base)
      func feature(_ words: String) throws -> TokenTagging.Feature {
        try task.features(of: words.split(separator: " ").map(String.init), gold: nil, rows)[0]
      }
      try Engine.seed(3)
      let head = try task.head(ParameterStore(.fresh).scope, base.encoder.configuration)
      let (source, target) = (try feature("sun sea ice"), try feature("bb snow bb frost"))
      func loss(_ pair: TaskAgreement<TokenTagging.Feature>.Pair) throws -> Double {
        try TaskAgreement(task, [pair]).loss(count: 3, head, nil, base.encoder) {
          try base.encoder($0)
        }.item()
      }
      let batch = try TaskBatch([source, target], for: base.encoder.configuration)
      let scores = try task.outputs(base.encoder(batch.packed), batch, head)
      let expected =
        (Self.divergence(scores[0][0], scores[1][1]) + Self.divergence(scores[0][2], scores[1][3]))
        / 2
      let found = try loss(.init(source, target, links: [(0, 1), (2, 3)]))
      #expect(expected > 1e-4)
      #expect(abs(found - expected) < 1e-5)
      #expect(try abs(loss(.init(source, source, links: [(0, 0), (1, 1)]))) < 1e-6)
    }
  }

  @Test("classes of whole texts are compared as tags are")
  func texts() async throws {
    try await withBase { base in
      let task = SequenceClassification(
        .init(labels: try LabelSet(["C", "W"]), pooling: .mean, hasDense: false))
      let rows = RowEncoder(base)
      try Engine.seed(3)
      let head = try task.head(ParameterStore(.fresh).scope, base.encoder.configuration)
      let features = try ["sun sea", "bb ice"].map {
        try task.features(of: TextInput($0), gold: nil, rows)[0]
      }
      let batch = try TaskBatch(features, for: base.encoder.configuration)
      let scores = try task.outputs(base.encoder(batch.packed), batch, head)
      let found = try TaskAgreement(task, [.init(features[0], features[1])])
        .loss(count: 2, head, nil, base.encoder) { try base.encoder($0) }.item()
      #expect(abs(found - Self.divergence(scores[0], scores[1])) < 1e-5)
    }
  }

  /// A tagger of English words, which never sees a label of "bb" and "cc"; `bb` says what is warm and `cc` what is cold.
  private static func tune(
    _ base: TextEncoder, _ method: TuningMethod, agrees: Bool, checkpoints: URL? = nil,
    stop: Int? = nil
  ) throws -> TaskTuner<TokenTagging>.Tuned {
    let task = try task()
    let rows = RowEncoder(base)
    let words = ["sun", "ice", "sea", "snow", "sand", "frost"]
    var (examples, pairs): ([LabelledExample<[String], [String]>], _) = (
      [], [TaskAgreement<TokenTagging.Feature>.Pair]()
    )
    for row in 0..<36 {
      let chosen = (0..<3).map { words[(row * 5 + $0 * (row % 4 + 1)) % 6] }
      let isWarm = chosen.map { ["sun", "sea", "sand"].contains($0) }
      examples.append(LabelledExample(chosen, isWarm.map { $0 ? "W" : "C" }))
      pairs.append(
        .init(
          try task.features(of: chosen, gold: nil, rows)[0],
          try task.features(of: isWarm.map { $0 ? "bb" : "cc" }, gold: nil, rows)[0],
          links: [(0, 0), (1, 1), (2, 2)]))
    }
    var plan = TrainingPlan()
    (plan.epochs, plan.batchSize, plan.rate, plan.headRate) = (8, 8, 1e-2, 2e-2)
    plan.checkpointInterval = 7
    return try TaskTuner(task, base, method: method, plan).tune(
      task.features(examples, rows),
      agreement: agrees ? try TaskAgreement(task, pairs) : nil, checkpoints: checkpoints
    ) { step, _, _ in if step == stop { throw Killed() } }
  }

  @Test(
    "words that were never labelled are learned from those that they translate",
    arguments: [
      ("body", TuningMethod.body), ("lora", .adapter(.lora(LoRAConfiguration()))),
    ])
  func learns(name: String, method: TuningMethod) async throws {
    let tests = (0..<8).map {
      [["bb", "cc", "cc"], ["cc", "bb", "bb"], ["bb", "cc", "bb"]][$0 % 3]
    }
    func share(agrees: Bool) async throws -> Double {
      try await withBase { base in
        let tuned = try Self.tune(base, method, agrees: agrees)
        let tags = try tuned.predictor.predict(tests).flatMap(\.tags)
        let gold = tests.joined().map { $0 == "bb" ? "W" : "C" }
        return Double(zip(tags, gold).count { $0 == $1 }) / Double(gold.count)
      }
    }
    let (with, without) = (try await share(agrees: true), try await share(agrees: false))
    #expect(with > 0.8, "\(name): \(with)")
    #expect(with > without + 0.2, "\(name): \(without) without")
  }

  @Test("a tuning that is killed goes on to the same bytes")
  func resumes() async throws {
    let folder = world.folder.appendingPathComponent("checkpoints")
    func values(_ stop: Int?) async throws -> [[Float]] {
      try await withBase { base in
        let tuned = try Self.tune(
          base, .adapter(.lora(LoRAConfiguration())), agrees: true,
          checkpoints: stop == nil ? nil : folder, stop: stop)
        return try ((tuned.adapter?.parameters ?? []) + tuned.head.parameters)
          .map { try $0.tensor.elements(as: Float.self) }
      }
    }
    let expected = try await values(nil)
    for stop in [3, 12, 25] {
      await #expect(throws: Killed.self) { _ = try await values(stop) }
    }
    #expect(try await values(-1) == expected)
  }

  @Test("pairs with nothing to compare, and weights that cannot be, are refused")
  func mistakes() async throws {
    try await withBase { base in
      let task = try Self.task()
      let feature = try task.features(of: ["sun"], gold: nil, RowEncoder(base))[0]
      #expect(throws: TrainingError.self) {
        try TaskAgreement(task, [.init(feature, feature, links: [])])
      }
      #expect(throws: TrainingError.self) {
        try TaskAgreement(task, [.init(feature, feature)], weight: 0)
      }
    }
  }
}
