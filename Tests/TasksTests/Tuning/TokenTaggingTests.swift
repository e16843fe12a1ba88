// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Tasks

@Suite struct TokenTaggingTests {
  static let entities = ["B-X", "I-X", "O"]

  /// "aa" begins an entity, "sun" behind it goes on with it, all else is outside.
  static func sentences(_ count: Int, seed: UInt64) -> [LabelledExample<[String], [String]>] {
    var random = ToyRandom(seed)
    return (0..<count).map { _ in
      var (words, tags): ([String], [String]) = ([], [])
      while words.count < 4 + random.next(8) {
        if random.next(3) == 0 {
          words += ["aa", "sun"]
          tags += ["B-X", "I-X"]
        } else {
          words.append(random.pick(TinyBody.cold))
          tags.append("O")
        }
      }
      return LabelledExample(words, tags)
    }
  }

  static func task(
    _ decoding: TokenTagging.Decoding = .independent, stride: Int = 4
  ) throws -> TokenTagging {
    TokenTagging(
      .init(labels: try LabelSet(entities), kind: .entities, decoding: decoding, stride: stride))
  }

  @Test("entities are learned, and found in sentences longer than the model")
  func learns() async throws {
    try await Compute.run {
      let body = try TinyBody(maximumLength: 16)
      let task = try Self.task()
      let predictor = try body.learn(task, Self.sentences(80, seed: 1))
      let test = Self.sentences(20, seed: 2)
      // A sentence of all of them together takes many windows.
      let long = LabelledExample(
        test.flatMap(\.input), test.flatMap(\.gold))
      let all = test + [long]
      let predictions = try predictor.predict(all.map(\.input))
      let scores = try task.scores(predictions, gold: all.map(\.gold))
      #expect(scores.map(\.metric) == ["f1", "precision", "recall", "accuracy"])
      #expect(scores[0].value > 0.95)
      #expect(predictions.last?.tags.count == long.input.count)
    }
  }

  @Test("every word gets one tag: those without pieces, of 600 pieces, and of other scripts")
  func everyWord() async throws {
    try await Compute.run {
      let body = try TinyBody(maximumLength: 16)
      let predictor = try body.predictor(try Self.task())
      let words = [
        "", "sun", String(repeating: "x", count: 600), "👩‍👩‍👧‍👦", "e\u{301}", "שלום", "\u{200d}", "a b",
        "</s>",
      ]
      let sentences = [words, [], ["sun"], Array(repeating: words, count: 30).flatMap(\.self)]
      let predictions = try predictor.predict(sentences)
      #expect(predictions.map(\.tags.count) == sentences.map(\.count))
      #expect(predictions.map(\.probabilities.count) == sentences.map(\.count))
    }
  }

  @Test("each word carries its tag on its first piece, in one window, whatever the stride")
  func windows() async throws {
    try await Compute.run {
      let body = try TinyBody(maximumLength: 16)
      var random = ToyRandom(5)
      for stride in [0, 1, 4, 7, 100] {
        let task = try Self.task(stride: stride)
        let words = (0..<60).map { _ in
          String(repeating: "z", count: 1 + random.next(20))
        }
        let features = try task.features(of: words, gold: words.map { _ in "O" }, body.rows)
        #expect(features.flatMap { Array($0.words) } == Array(0..<60))
        for feature in features {
          let row = feature.rows[0]
          #expect(row.ids.count <= 16)
          #expect(row.ids.first == 0 && row.ids.last == 2)
          #expect(feature.places.count == feature.words.count)
          #expect(feature.targets?.count == feature.words.count)
          // A word of z's begins with the mark, and has it nowhere else.
          let mark = body.rows.tokenizer.id(of: "▁")
          #expect(feature.places.allSatisfy { row.ids[$0] == mark })
        }
      }
    }
  }

  @Test("an I that goes on with nothing stays, becomes a B, or is not chosen")
  func decoding() throws {
    let scores: [[Float]] = [[0, 5, 1], [0, 5, 4], [0, 0, 9], [4.5, 5, 0]]
    func tags(_ decoding: TokenTagging.Decoding) throws -> [String] {
      try Self.task(decoding).prediction([scores], [], []).tags
    }
    #expect(try tags(.independent) == ["I-X", "I-X", "O", "I-X"])
    #expect(try tags(.repaired) == ["B-X", "I-X", "O", "B-X"])
    // The first word is best outside, the second goes on with nothing then; the last can begin.
    let best = try tags(.constrained)
    #expect(best == ["B-X", "I-X", "O", "B-X"] || best == ["O", "O", "O", "B-X"])
    #expect(best[0] == "O" ? best[1] == "O" : best[0] == "B-X")
  }

  @Test("the loss of a batch is the sum of its sentences', and weights count")
  func losses() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = try Self.task()
      let head = try task.head(
        ParameterStore(.fresh).scope, body.encoder.configuration)
      let features = try task.features(Self.sentences(6, seed: 9), body.rows)
      func loss(
        _ features: [TokenTagging.Feature], _ weights: [Float]? = nil,
        _ settings: LossSettings = LossSettings()
      ) throws -> (Double, Double) {
        let batch = try TaskBatch(features, weights: weights, for: body.encoder.configuration)
        let sum = try task.loss(body.encoder(batch.packed), batch, head, settings)
        return (try sum.total.item(), sum.weight)
      }
      let whole = try loss(features)
      let parts = try features.map { try loss([$0]) }
      #expect(abs(whole.0 - parts.reduce(0) { $0 + $1.0 }) < 1e-3)
      #expect(whole.1 == Double(features.reduce(0) { $0 + $1.words.count }))
      let weighted = try loss(features, [0, 0, 0, 0, 0, 2])
      #expect(abs(weighted.0 - 2 * parts[5].0) < 1e-3)
      #expect(weighted.1 == 2 * parts[5].1)
      // With a class alone that counts, only its words do.
      let classes = try loss(features, nil, LossSettings(classWeights: [1, 0, 0]))
      let begins = features.flatMap { $0.targets ?? [] }.count { $0 == 0 }
      #expect(classes.1 == Double(begins))
      #expect(throws: TaskError.self) {
        try loss(features, nil, LossSettings(classWeights: [1, 1]))
      }
    }
  }

  @Test("labels that the head does not have, and tags that do not fit the words, are refused")
  func mistakes() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = try Self.task()
      let unknown = #expect(throws: TaskError.self) {
        try task.features([LabelledExample(["sun", "sea"], ["O", "B-Y"])], body.rows)
      }
      #expect(unknown?.code == .label)
      #expect(unknown?.location == "example 1, word 2")
      #expect(unknown?.message.contains("'B-Y'") == true)
      #expect(unknown?.message.contains("B-X, I-X, O") == true)
      #expect(throws: TaskError.self) {
        try task.features(of: ["sun"], gold: ["O", "O"], body.rows)
      }
      #expect(throws: TaskError.self) {
        try task.features(of: ["sun"], gold: nil, body.rows.limited(to: 2))
      }
      #expect(throws: TaskError.self) { try task.scores([], gold: []) }
    }
  }

  @Test("parts of speech are scored by accuracy, tags that no head knows as wrong")
  func partsOfSpeech() throws {
    let task = TokenTagging(.init(labels: try LabelSet(["N", "V"])))
    let prediction = TokenTagging.Prediction(tags: ["N", "V"], probabilities: [1, 1])
    let scores = try task.scores([prediction], gold: [["N", "X"]])
    #expect(scores.first == TaskScore("accuracy", 0.5))
  }
}
