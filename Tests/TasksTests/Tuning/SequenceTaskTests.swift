// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Tasks

@Suite struct SequenceTaskTests {
  static func words(_ random: inout ToyRandom, _ group: [String]) -> String {
    (0..<1 + random.next(4)).map { _ in random.pick(group) }.joined(separator: " ")
  }

  @Test("a text's class is learned, with any pooling and with and without a layer")
  func texts() async throws {
    try await Compute.run {
      var random = ToyRandom(1)
      let examples = (0..<40).map { index in
        let isWarm = index % 2 == 0
        return LabelledExample(
          TextInput(Self.words(&random, isWarm ? TinyBody.warm : TinyBody.cold)),
          isWarm ? "warm" : "cold")
      }
      for pooling in Pooling.allCases {
        let body = try TinyBody()
        let task = SequenceClassification(
          .init(
            labels: try LabelSet(["warm", "cold"]), pooling: pooling, hasDense: pooling == .first))
        let predictor = try body.learn(task, examples, steps: 40)
        let predictions = try predictor.predict(examples.map(\.input))
        let scores = try task.scores(predictions, gold: examples.map(\.gold))
        #expect(scores[0].metric == "accuracy" && scores[0].value == 1, "\(pooling)")
        #expect(predictions.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
        #expect(try predictor.loss(task.features(examples, body.rows)) < 0.3)
      }
    }
  }

  @Test("of a pair, the model knows which text is which")
  func pairs() async throws {
    try await Compute.run {
      var random = ToyRandom(2)
      // One text is warm and one is cold; only their order tells the class.
      let examples = (0..<60).map { index in
        let (warm, cold) = (
          Self.words(&random, TinyBody.warm), Self.words(&random, TinyBody.cold)
        )
        return index % 2 == 0
          ? LabelledExample(TextInput(warm, cold), "cooler")
          : LabelledExample(TextInput(cold, warm), "warmer")
      }
      let body = try TinyBody()
      let task = SequenceClassification(
        .init(labels: try LabelSet(["cooler", "warmer"]), pooling: .mean))
      let predictor = try body.learn(task, examples, steps: 120)
      let predictions = try predictor.predict(examples.map(\.input))
      #expect(try task.scores(predictions, gold: examples.map(\.gold))[0].value > 0.95)
    }
  }

  @Test("rows of pairs have the template's types where the model has types, and fit the model")
  func rows() async throws {
    try await Compute.run {
      let row = try TinyBody().rows.row("sun sea", "ice")
      #expect(row.types == [0, 0, 0, 0, 1, 1])
      let plain = try TinyBody(typeCount: 1).rows.row("sun sea", "ice")
      #expect(plain.types == [0, 0, 0, 0, 0, 0])
      #expect(plain.ids == row.ids)
      let long = String(repeating: "sun ", count: 100)
      let cut = try TinyBody().rows.row("ice", long)
      #expect(cut.ids.count == 32 && cut.ids.last == 2)
      // What spells a special token is text.
      #expect(try TinyBody().rows.row("</s> sun").ids.count { $0 == 2 } == 1)
    }
  }

  @Test("a number for a pair is learned on its own scale")
  func numbers() async throws {
    try await Compute.run {
      var random = ToyRandom(3)
      let examples = (0..<60).map { _ in
        let warm = random.next(5)
        let words =
          (0..<4).map { $0 < warm ? random.pick(TinyBody.warm) : random.pick(TinyBody.cold) }
        return LabelledExample(TextInput(words.joined(separator: " ")), 1 + Double(warm))
      }
      let body = try TinyBody()
      let task = SequenceRegression(.init(minimum: 1, maximum: 5, pooling: .mean))
      let predictor = try body.learn(task, examples, steps: 120)
      let predictions = try predictor.predict(examples.map(\.input))
      let scores = try task.scores(predictions, gold: examples.map(\.gold))
      #expect(scores.map(\.metric) == ["spearman", "pearson", "mean_absolute_error"])
      #expect(scores[1].value > 0.95)
      #expect(scores[2].value < 0.5)
      for value in [0.5, 5.5, .nan] {
        #expect(throws: TaskError.self) {
          try task.features(of: TextInput("sun"), gold: value, body.rows)
        }
      }
    }
  }

  @Test("a label that the head does not have is refused to learn from, and counts as missed")
  func unknownLabels() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = SequenceClassification(.init(labels: try LabelSet(["a", "b"])))
      let error = #expect(throws: TaskError.self) {
        try task.features([LabelledExample(TextInput("sun"), "c")], body.rows)
      }
      #expect(error?.location == "example 1")
      #expect(
        error?.message.contains("expected one of the head's labels (a, b), found 'c'") == true)
      let predictions = try body.predictor(task).predict([TextInput("sun")])
      #expect(try task.scores(predictions, gold: ["c"])[0].value == 0)
    }
  }

  @Test("batches, their order and their company change no prediction")
  func company() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = SequenceClassification(
        .init(labels: try LabelSet(["a", "b"]), pooling: .max))
      let predictor = try body.predictor(task)
      var random = ToyRandom(4)
      let inputs = (0..<9).map { index in
        TextInput(
          Self.words(&random, TinyBody.warm),
          index % 3 == 0 ? Self.words(&random, TinyBody.cold) : nil)
      }
      let together = try predictor.predict(inputs)
      for (input, prediction) in zip(inputs, together) {
        let alone = try predictor.predict([input])[0]
        #expect(
          zip(alone.probabilities, prediction.probabilities).allSatisfy { abs($0 - $1) < 1e-5 })
      }
      #expect(try predictor.predict([]).isEmpty)
    }
  }

  @Test("a head is the same when it is read again, and refuses another task")
  func saving() async throws {
    try await Compute.run {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("koine-head-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let body = try TinyBody()
      let task = SequenceClassification(
        .init(labels: try LabelSet(["a", "b", "c"]), pooling: .max, prefix: .query))
      let store = ParameterStore(.fresh)
      let head = try task.head(store.scope, body.encoder.configuration)
      try TaskDirectory.write(task, store, to: folder)
      let directory = try TaskDirectory(folder)
      #expect(directory.task == "sequence-classification")
      let again: SequenceClassification = try directory.task()
      #expect(again.configuration == task.configuration)
      let read = try again.head(directory.parameters().scope, body.encoder.configuration)
      let inputs = [TextInput("sun"), TextInput("ice", "snow")]
      let before = try TaskPredictor(task, body.encoder, head, body.rows).predict(inputs)
      let after = try TaskPredictor(again, body.encoder, read, body.rows).predict(inputs)
      #expect(before == after)

      let error = #expect(throws: TransformerError.self) {
        let _: TokenTagging = try directory.task()
      }
      #expect(
        error?.message == "expected a head for token-tagging, found one for sequence-classification"
      )
      #expect(throws: TransformerError.self) {
        let wider = SequenceClassification(.init(labels: try LabelSet(["a", "b"])))
        _ = try wider.head(directory.parameters().scope, body.encoder.configuration)
      }
      #expect(throws: TransformerError.self) {
        try TaskDirectory(folder.appendingPathComponent("none"))
      }
    }
  }

  @Test("configurations of all tasks survive being written")
  func configurations() throws {
    func check<Task: TuningTask>(_ task: Task) throws {
      let data = try JSONEncoder().encode(task.configuration)
      let read = try JSONDecoder().decode(Task.Configuration.self, from: data)
      #expect(read == task.configuration)
    }
    let labels = try LabelSet(["a", "b"])
    try check(SequenceClassification(.init(labels: labels)))
    try check(SequenceRegression(.init()))
    try check(TokenTagging(.init(labels: labels, kind: .entities, decoding: .constrained)))
    try check(ExtractiveAnswering(.init(allowsNoAnswer: true, noAnswerThreshold: 1.5)))
    try check(SemanticSimilarity(.init(vectors: .init(projection: 8))))
    try check(TextRetrieval(.init(isSymmetric: true)))
    try check(PassageReranking(.init(objective: .pointwise)))
  }

  @Test("class weights and smoothing give the engine's own weighted mean")
  func weightedMean() async throws {
    try await Compute.run {
      try Engine.seed(2)
      let logits = try Tensor.normal([7, 3])
      let targets = [0, 2, 1, 1, 2, 2, 0]
      let classes: [Float] = [0.5, 2, 1]
      let settings = LossSettings(labelSmoothing: 0.2, classWeights: classes)
      let found = try LossSum.classification(
        logits, targets, weights: [Float](repeating: 1, count: 7), settings, classCount: 3
      ).mean().item()
      let expected = try logits.crossEntropy(
        Tensor(targets.map(Int64.init)), weight: Tensor(classes), labelSmoothing: 0.2
      ).item()
      #expect(abs(found - expected) < 1e-5)
      // Of nothing there is no loss, and no division by it.
      let none = try LossSum.classification(
        logits.narrowed(0, start: 0, length: 0), [], weights: [], LossSettings(), classCount: 3)
      #expect(try none.mean().item() == 0)
    }
  }

  @Test("the largest values are taken over a row's own tokens")
  func maximumPooling() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let rows = ["sun", "sea sand ice", "snow frost"].map(body.rows.row)
      let features = rows.map { SequenceFeature<Int>(rows: [$0], target: nil) }
      let batch = try TaskBatch(features, for: body.encoder.configuration)
      let states = try body.encoder(batch.packed)
      let pooled = try Pooling.max(states, batch.packed).rowElements()
      for (index, row) in rows.enumerated() {
        let places = batch.places(Array(row.ids.indices), feature: index)
        let own = try states.gathered(0, Tensor(places)).rowElements()
        let expected = (0..<32).map { column in own.map { $0[column] }.max() ?? .nan }
        #expect(pooled[index] == expected)
      }
    }
  }
}
