// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Tasks

@Suite(.serialized) struct SharedBodyTests {
  /// Requests of three tasks on one body, with what each needs to be answered alone.
  private struct Bench {
    let body: TinyBody
    let warmth: SequenceClassification
    let warmthHead: TaskHead
    let degree: SequenceRegression
    let degreeHead: TaskHead
    let tagging: TokenTagging
    let tagHead: TaskHead
    let first: Adapter
    let second: Adapter
    let texts: [TextInput]
    let sentences: [[String]]

    init() throws {
      body = try TinyBody()
      let encoder = body.encoder
      let configuration = encoder.configuration
      func head<Task: TuningTask>(_ task: Task, _ seed: UInt64) throws -> TaskHead {
        try Engine.seed(seed)
        let store = ParameterStore(.fresh)
        let head = try task.head(store.scope, configuration)
        for parameter in store.parameters { try parameter.tensor.scale(by: 20) }
        return head
      }
      warmth = SequenceClassification(.init(labels: try LabelSet(["warm", "cold"])))
      warmthHead = try head(warmth, 1)
      degree = SequenceRegression(.init(pooling: .mean, hasDense: false))
      degreeHead = try head(degree, 2)
      tagging = TokenTagging(.init(labels: try LabelSet(["A", "B", "C"])))
      tagHead = try head(tagging, 3)
      func adapter(_ kind: Adapter.Kind, _ name: String, _ seed: UInt64) throws -> Adapter {
        let adapter = try encoder.makeAdapter(kind, name: name)
        try Engine.seed(seed)
        for parameter in adapter.parameters {
          try parameter.tensor.add(Tensor.normal(parameter.tensor.shape), scale: 0.3)
        }
        return adapter
      }
      first = try adapter(.lora(LoRAConfiguration()), "first", 4)
      second = try adapter(.bottleneck(.pfeiffer), "second", 5)
      var random = ToyRandom(8)
      texts = (0..<60).map { index in
        let text = SequenceTaskTests.words(&random, TinyBody.warm + TinyBody.cold)
        return TextInput(text, index % 7 == 0 ? "what snow" : nil)
      }
      sentences = (0..<40).map { _ in
        SequenceTaskTests.words(&random, TinyBody.warm + ["aa", "bb"]).split(separator: " ")
          .map(String.init)
      }
    }

    /// The answers of one task alone.
    func alone<Task: TuningTask>(
      _ task: Task, _ head: TaskHead, _ adapter: Adapter?, _ inputs: [Task.Input]
    ) throws -> [Task.Prediction] {
      let encoder = try adapter.map { try body.encoder.adapted(by: .single($0)) } ?? body.encoder
      return try TaskPredictor(task, encoder, head, body.rows).predict(inputs)
    }
  }

  private static func near(
    _ left: [SequenceClassification.Prediction], _ right: [SequenceClassification.Prediction]
  ) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy {
        zip($0.probabilities, $1.probabilities).allSatisfy { abs($0 - $1) < 1e-4 }
      }
  }

  @Test("tasks with adapters of their own and without answer together as each does alone")
  func mixed() async throws {
    try await Compute.run {
      let bench = try Bench()
      let shared = SharedBody(try bench.body.encoder.packed(), bench.body.rows)
      let (warmth, degrees, tags) = try shared.predict(
        TaskRequest(
          bench.warmth, bench.warmthHead, adapters: .single(bench.first), inputs: bench.texts),
        TaskRequest(
          bench.degree, bench.degreeHead, adapters: .single(bench.second), inputs: bench.texts),
        TaskRequest(bench.tagging, bench.tagHead, inputs: bench.sentences))
      #expect(
        Self.near(
          warmth, try bench.alone(bench.warmth, bench.warmthHead, bench.first, bench.texts)))
      let expected = try bench.alone(bench.degree, bench.degreeHead, bench.second, bench.texts)
      #expect(degrees.count == expected.count)
      #expect(zip(degrees, expected).allSatisfy { abs($0 - $1) < 1e-3 })
      let tagsAlone = try bench.alone(bench.tagging, bench.tagHead, nil, bench.sentences)
      #expect(tags.map(\.tags) == tagsAlone.map(\.tags))
      #expect(Set(tags.flatMap(\.tags)).count > 1)
      // The adapters and heads do differ.
      let plain = try bench.alone(bench.warmth, bench.warmthHead, nil, bench.texts)
      #expect(!Self.near(warmth, plain))
    }
  }

  @Test("several heads on the same rows run the body once")
  func once() async throws {
    try await Compute.run {
      let bench = try Bench()
      let shared = SharedBody(bench.body.encoder, bench.body.rows)
      // Texts that occur twice are one row too.
      let distinct = Set(bench.texts)
      let tokens = try distinct.reduce(0) {
        try $0
          + bench.warmth.features(of: $1, gold: nil, bench.body.rows)[0].rows[0].ids.count
      }
      var counted = 0
      let (warmth, degrees) = try shared.predict(
        TaskRequest(bench.warmth, bench.warmthHead, inputs: bench.texts),
        TaskRequest(bench.degree, bench.degreeHead, inputs: bench.texts + bench.texts),
        progress: { counted += $0 })
      #expect(counted == tokens)
      #expect(
        Self.near(warmth, try bench.alone(bench.warmth, bench.warmthHead, nil, bench.texts)))
      let expected = try bench.alone(bench.degree, bench.degreeHead, nil, bench.texts)
      #expect(zip(degrees, expected + expected).allSatisfy { abs($0 - $1) < 1e-3 })
      #expect(degrees.count == 2 * expected.count)
      // The same rows with an adapter are others; with the same adapter they are one again.
      counted = 0
      _ = try shared.predict(
        all: [nil, bench.first, bench.first].map { adapter in
          TaskRequest(
            bench.warmth, bench.warmthHead, adapters: adapter.map { .single($0) },
            inputs: bench.texts)
        }, progress: { counted += $0 })
      #expect(counted == 2 * tokens)
    }
  }

  @Test("a body in int8 serves tasks with adapters")
  func quantized() async throws {
    try await Compute.run {
      let bench = try Bench()
      let shared = SharedBody(try bench.body.encoder.quantized(), bench.body.rows)
      let (warmth, none) = try shared.predict(
        TaskRequest(
          bench.warmth, bench.warmthHead, adapters: .single(bench.first), inputs: bench.texts),
        TaskRequest(bench.degree, bench.degreeHead, inputs: []))
      #expect(none.isEmpty)
      let exact = try bench.alone(bench.warmth, bench.warmthHead, bench.first, bench.texts)
      let errors = zip(warmth, exact).map { abs($0.probabilities[0] - $1.probabilities[0]) }
      #expect(errors.reduce(0, +) / Float(errors.count) < 0.05)
    }
  }
}
