// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch
import Transformers

@Suite struct ExtractiveAnsweringTests {
  typealias Example = LabelledExample<QuestionInput, AnswerGold>

  /// The answer is the words "ice snow" together, which the text has once or not at all.
  static func questions(
    _ count: Int, seed: UInt64, words: Int = 8, allAnswered: Bool = true
  ) -> [Example] {
    var random = ToyRandom(seed)
    return (0..<count).map { index in
      var text = ""
      var answers: [(text: String, bytes: Range<Int>)] = []
      let place = random.next(words)
      for word in 0..<words {
        if word > 0 { text += " " }
        if word == place, allAnswered || index % 2 == 0 {
          let start = text.utf8.count
          text += "ice snow"
          answers = [("ice snow", start..<text.utf8.count)]
        } else {
          text += random.pick(TinyBody.warm)
        }
      }
      return Example(QuestionInput("what", context: text), AnswerGold(answers))
    }
  }

  @Test("answers are learned, and found in texts longer than the model")
  func learns() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = ExtractiveAnswering(.init(stride: 6, maximumAnswerLength: 5))
      let predictor = try body.learn(task, Self.questions(80, seed: 1), steps: 90)
      let test = Self.questions(20, seed: 2) + Self.questions(3, seed: 3, words: 150)
      let predictions = try predictor.predict(test.map(\.input))
      let scores = try task.scores(predictions, gold: test.map(\.gold))
      #expect(scores.map(\.metric) == ["f1", "exact_match"])
      #expect(scores[1].value > 0.9)
      for (prediction, example) in zip(predictions, test) where prediction.answer != nil {
        let answer = try #require(prediction.answer)
        #expect(answer.start..<answer.end == example.gold.answers[0].bytes)
        #expect(prediction.candidates.count <= 20)
        #expect(
          zip(prediction.candidates, prediction.candidates.dropFirst())
            .allSatisfy { $0.score >= $1.score })
      }
    }
  }

  @Test("that a text has no answer is learned too, and scored apart")
  func noAnswer() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = ExtractiveAnswering(.init(stride: 6, allowsNoAnswer: true))
      let examples = Self.questions(80, seed: 4, allAnswered: false)
      let predictor = try body.learn(task, examples, steps: 120)
      let test = Self.questions(20, seed: 5, allAnswered: false)
      let predictions = try predictor.predict(test.map(\.input))
      let scores = try task.scores(predictions, gold: test.map(\.gold))
      #expect(
        scores.map(\.metric) == [
          "f1", "exact_match", "answerable_f1", "answerable_exact_match",
          "unanswerable_exact_match",
        ])
      #expect(scores[1].value > 0.85)
      // The best threshold is no worse than the one that was used, and gives what it promises.
      let (threshold, f1) = try task.bestThreshold(predictions, gold: test.map(\.gold))
      #expect(f1 >= scores[0].value)
      let tuned = ExtractiveAnswering(
        .init(stride: 6, allowsNoAnswer: true, noAnswerThreshold: threshold))
      let again = try body.predictor(tuned, like: predictor).predict(test.map(\.input))
      #expect(abs(try tuned.scores(again, gold: test.map(\.gold))[0].value - f1) < 1e-9)
      let none = try #require(predictions.firstIndex { $0.answer == nil })
      #expect((predictions[none].noAnswerLead ?? 0) > 0)
      #expect(!predictions[none].candidates.isEmpty)
    }
  }

  /// Texts whose bytes, scalars and letters differ in number, with a stretch in each.
  static let texts = [
    ("The 👩‍👩‍👧‍👦 family", "family"), ("cafe\u{301} sun", "cafe\u{301}"),
    ("ha\u{308}t e\u{301}te\u{301}", "e\u{301}te\u{301}"),
    ("השמש זורחת מעל הים", "זורחת מעל"), ("الشمس فوق البحر", "البحر"), ("🇩🇪🇫🇷 ice", "ice"),
    ("\n\t sun\u{a0}sea  ", "sun"),
  ]

  @Test("a window's tokens stand for the bytes that they came from", arguments: texts)
  func offsets(context: String, answer: String) async throws {
    try await Compute.run {
      let body = try TinyBody(maximumLength: 64)
      let bytes = Array(context.utf8)
      let wanted = Array(answer.utf8)
      let start = try #require(
        bytes.indices.first { bytes[$0...].starts(with: wanted) })
      let range = start..<start + wanted.count
      let task = ExtractiveAnswering()
      let features = try task.features(
        of: QuestionInput("what", context: context), gold: AnswerGold([(answer, range)]), body.rows)
      #expect(features.count == 1)
      let feature = features[0]
      let target = try #require(feature.target)
      let (first, last) = (
        feature.offsets[target.lowerBound - feature.textStart],
        feature.offsets[target.upperBound - feature.textStart]
      )
      let span = AnswerSpan(first.lowerBound..<last.upperBound, of: context)
      #expect(span.text.utf8.elementsEqual(wanted))
      #expect(span.start == range.lowerBound && span.end == range.upperBound)
      let scalars = Array(context.unicodeScalars)
      #expect(
        scalars[span.scalarStart..<span.scalarEnd].elementsEqual(answer.unicodeScalars))
    }
  }

  @Test("a stretch that begins or ends inside a scalar is widened to whole ones")
  func wholeScalars() {
    let span = AnswerSpan(2..<4, of: "a👍b")
    #expect(span.text == "👍" && span.start == 1 && span.end == 5)
    #expect(span.scalarStart == 1 && span.scalarEnd == 2)
    #expect(AnswerSpan(7..<90, of: "a").text.isEmpty)
  }

  @Test("windows cover a text of 20,000 characters, and overlap")
  func longText() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let context = String(
        String(repeating: "sun sea 👍 sand ", count: 1400).unicodeScalars.prefix(20_000))
      let task = ExtractiveAnswering(.init(stride: 6))
      let features = try task.features(
        of: QuestionInput("what", context: context), gold: nil, body.rows)
      #expect(features.count > 250)
      #expect(features.allSatisfy { $0.rows[0].ids.count <= 32 })
      // Every byte but white space is in some window.
      var covered = Set<Int>()
      for feature in features { for range in feature.offsets { covered.formUnion(range) } }
      let text = Array(context.utf8)
      #expect(text.indices.allSatisfy { text[$0] == 0x20 || covered.contains($0) })
      for (left, right) in zip(features, features.dropFirst()) {
        #expect(left.offsets.suffix(6) == right.offsets.prefix(6))
      }
      // All windows have the template's types, the question's of type 0 and the text's of type 1.
      for feature in features {
        let row = feature.rows[0]
        #expect(row.types.prefix(feature.textStart).allSatisfy { $0 == 0 })
        #expect(row.types.dropFirst(feature.textStart).allSatisfy { $0 == 1 })
      }
      let prediction = try body.predictor(task).predict([QuestionInput("what", context: context)])[
        0]
      let answer = try #require(prediction.answer)
      #expect(Array(text[answer.start..<answer.end]) == Array(answer.text.utf8))
    }
  }

  @Test("a window without the whole answer points at the first token")
  func windowsWithout() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = ExtractiveAnswering(.init(stride: 6))
      let example = Self.questions(1, seed: 8, words: 100)[0]
      let features = try task.features(of: example.input, gold: example.gold, body.rows)
      let targets = features.compactMap(\.target)
      #expect(targets.count == features.count)
      #expect(targets.contains(0...0) && targets.contains { $0 != 0...0 })
      for (feature, target) in zip(features, targets) where target != 0...0 {
        #expect(target.count == 2)
        let start = feature.offsets[target.lowerBound - feature.textStart].lowerBound
        #expect(start == example.gold.answers[0].bytes.lowerBound)
      }
    }
  }

  @Test("empty texts, empty questions and endless questions are answered, if with nothing")
  func extremes() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let predictor = try body.predictor(ExtractiveAnswering(.init(stride: 6)))
      let long = String(repeating: "what ", count: 500)
      let predictions = try predictor.predict([
        QuestionInput("what", context: ""), QuestionInput("", context: "sun"),
        QuestionInput(long, context: "sun sea"), QuestionInput("what", context: " \n "),
      ])
      #expect(predictions[0].answer == nil && predictions[0].candidates.isEmpty)
      #expect(predictions[1].answer?.text == "sun")
      #expect(predictions[2].answer != nil)
      #expect(predictions[3].answer == nil)
    }
  }

  @Test("the loss of a batch is the sum of its windows', of any lengths")
  func losses() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = ExtractiveAnswering(.init(stride: 6))
      let head = try task.head(ParameterStore(.fresh).scope, body.encoder.configuration)
      let examples = (3...8).map { Self.questions(1, seed: UInt64($0), words: $0)[0] }
      let features = try task.features(examples, body.rows)
      func loss(_ features: [AnswerFeature], _ weights: [Float]? = nil) throws -> Double {
        let batch = try TaskBatch(features, weights: weights, for: body.encoder.configuration)
        return try task.loss(body.encoder(batch.packed), batch, head, LossSettings()).total.item()
      }
      let parts = try features.reversed().map { try loss([$0]) }
      #expect(abs(try loss(features.reversed()) - parts.reduce(0, +)) < 1e-3)
      var weights = [Float](repeating: 0, count: features.count)
      weights[1] = 3
      #expect(abs(try loss(features.reversed(), weights) - 3 * parts[1]) < 1e-3)
    }
  }

  @Test("answers outside the text are refused")
  func mistakes() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let input = QuestionInput("what", context: "sun")
      for range in [2..<9, 1..<1] {
        #expect(throws: TaskError.self) {
          try ExtractiveAnswering().features(
            of: input, gold: AnswerGold([("x", range)]), body.rows)
        }
      }
      #expect(throws: TaskError.self) {
        try ExtractiveAnswering().features(of: input, gold: nil, body.rows.limited(to: 4))
      }
    }
  }

  @Test("sealed examples are opened in exchange for predictions")
  func sealed() async throws {
    try await Compute.run {
      let body = try TinyBody()
      let task = ExtractiveAnswering(.init(stride: 6))
      let examples = Self.questions(4, seed: 1)
      let sealed = SealedExamples<ExtractiveAnswering>(language: "de", examples)
      let error = #expect(throws: TaskError.self) { try sealed.opened(by: []) }
      #expect(error?.location == "de")
      let predictions = try body.predictor(task).predict(sealed.inputs)
      #expect(try sealed.opened(by: predictions) == examples.map(\.gold))
      #expect(
        try sealed.scores(predictions, task)
          == task.scores(predictions, gold: examples.map(\.gold)))
    }
  }
}
