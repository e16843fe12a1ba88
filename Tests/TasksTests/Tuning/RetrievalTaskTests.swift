// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Tasks

@Suite struct RetrievalTaskTests {
  /// Each warm word belongs to a cold one, as words of two languages do.
  static func translations(_ count: Int, seed: UInt64) -> [LabelledExample<
    TextRetrieval.Input, Int
  >] {
    var random = ToyRandom(seed)
    return (0..<count).map { _ in
      let places = (0..<3).map { _ in random.next(3) }
      return LabelledExample(
        TextRetrieval.Input(
          places.map { TinyBody.warm[$0] }.joined(separator: " "),
          places.map { TinyBody.cold[$0] }.joined(separator: " ")),
        places.reduce(0) { $0 * 3 + $1 })
    }
  }

  /// One of each of the 27 sentences.
  static var all: [LabelledExample<TextRetrieval.Input, Int>] {
    var seen = Set<Int>()
    return translations(600, seed: 7).filter { seen.insert($0.gold).inserted }
  }

  @Test("the text that belongs to another is found among all", arguments: [false, true])
  func retrieval(isSymmetric: Bool) async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = TextRetrieval(.init(temperature: 0.1, isSymmetric: isSymmetric))
      let before = try task.scores(
        body.predictor(task).predict(Self.all.map(\.input)), gold: Self.all.map(\.gold))
      let predictor = try body.learn(task, Self.translations(100, seed: 1), steps: 120, batch: 16)
      let predictions = try predictor.predict(Self.all.map(\.input))
      let scores = try task.scores(predictions, gold: Self.all.map(\.gold))
      #expect(
        scores.map(\.metric) == [
          "accuracy_at_1", "mrr", "backward_accuracy_at_1", "backward_mrr",
        ])
      #expect(before[0].value < 0.3)
      #expect(scores[0].value > 0.5 && scores[2].value > 0.5)
      for prediction in predictions {
        let length = prediction.query.reduce(0) { $0 + $1 * $1 }
        #expect(abs(length - 1) < 1e-4)
      }
    }
  }

  @Test("queries that share a passage are no negatives of each other; negatives of their own count")
  func negatives() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = TextRetrieval()
      let head = TaskHead()
      func loss(_ examples: [LabelledExample<TextRetrieval.Input, Int>]) throws -> Double {
        let batch = try TaskBatch(
          task.features(examples, body.rows), for: body.encoder.configuration)
        let sum = try task.loss(body.encoder(batch.packed), batch, head, LossSettings())
        return try sum.mean().item()
      }
      let (first, second) = (
        TextRetrieval.Input("sun", "ice"), TextRetrieval.Input("sea", "ice")
      )
      // With a passage alone there is nothing to confuse it with.
      #expect(abs(try loss([.init(first, 1), .init(second, 1)])) < 1e-5)
      #expect(try loss([.init(first, 1), .init(second, 2)]) > 0.3)
      let own = TextRetrieval.Input("sun", "ice", negatives: ["snow", "frost"])
      #expect(try loss([.init(own, 1)]) > 0.1)
      #expect(throws: TaskError.self) {
        let cold = TextRetrieval(.init(temperature: 0))
        let batch = try TaskBatch(
          cold.features([.init(first, 1)], body.rows), for: body.encoder.configuration)
        _ = try cold.loss(body.encoder(batch.packed), batch, head, LossSettings())
      }
    }
  }

  @Test("equal vectors win nothing")
  func ties() throws {
    let same = TextRetrieval.Prediction(query: [1, 0], passage: [1, 0])
    let scores = try TextRetrieval().scores([same, same, same], gold: [1, 2, 3])
    #expect(scores[0].value == 0)
    let shared = try TextRetrieval().scores([same, same, same], gold: [1, 1, 1])
    #expect(shared[0].value == 1)
  }

  @Test("judgements of similarity are learned as cosines, through a projection too")
  func similarity() async throws {
    try await Compute.run {
      var random = ToyRandom(6)
      // Of one group alike, of two groups not.
      let examples = (0..<60).map { index in
        let groups = [TinyBody.warm, TinyBody.cold]
        let (first, second) = (random.next(2), random.next(2))
        return LabelledExample(
          TextInput(
            SequenceTaskTests.words(&random, groups[first]),
            SequenceTaskTests.words(&random, groups[second])), first == second ? 5.0 : 0.0)
      }
      let body = try TinyBody()
      let task = SemanticSimilarity(.init(vectors: .init(projection: 16)))
      let predictor = try body.learn(task, examples, steps: 80)
      let predictions = try predictor.predict(examples.map(\.input))
      #expect(try task.scores(predictions, gold: examples.map(\.gold))[1].value > 0.95)
      #expect(throws: TaskError.self) {
        try task.features(of: TextInput("sun"), gold: nil, body.rows)
      }
    }
  }

  @Test("passages are put in order", arguments: PassageReranking.Objective.allCases)
  func reranking(objective: PassageReranking.Objective) async throws {
    try await Compute.run {
      var random = ToyRandom(9)
      let examples = (0..<40).map { _ in
        let right = random.next(4)
        return LabelledExample(
          PassageReranking.Input(
            "what",
            passages: (0..<4).map {
              SequenceTaskTests.words(&random, $0 == right ? TinyBody.warm : TinyBody.cold)
            }), [right])
      }
      let body = try TinyBody()
      let task = PassageReranking(.init(objective: objective))
      let predictor = try body.learn(task, examples, steps: 50, batch: 4)
      let predictions = try predictor.predict(examples.map(\.input))
      let scores = try task.scores(predictions, gold: examples.map(\.gold))
      #expect(scores.map(\.metric) == ["mrr", "ndcg_at_10", "precision_at_1"])
      #expect(scores[2].value > 0.9)
      #expect(predictions[0].order.sorted() == [0, 1, 2, 3])
      #expect(throws: TaskError.self) {
        try task.features(of: examples[0].input, gold: [4], body.rows)
      }
      #expect(try predictor.predict([.init("what", passages: [])])[0].order.isEmpty)
    }
  }
}
