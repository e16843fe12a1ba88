// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

@Suite("AnswerScore")
struct AnswerScoreTests {
  @Test("no answer is an answer in SQuAD 2.0 and overlaps with nothing in 1.1")
  func emptyAnswers() throws {
    let old = try AnswerScore("", golds: [])
    #expect(old == AnswerScore(exactMatch: 1, f1: 0))
    let new = try AnswerScore("", golds: [], empty: .areAnswers)
    #expect(new == AnswerScore(exactMatch: 1, f1: 1))
    #expect(try AnswerScore("x", golds: [], empty: .areAnswers).f1 == 0)
    #expect(try AnswerScore("the", golds: ["x"], empty: .areAnswers).f1 == 0)
  }

  @Test("an article inside a word stays")
  func articles() throws {
    #expect(try AnswerNormalization.squad("a theatre, the Anthem") == "theatre anthem")
    // A combining mark is no part of a word, so what stands before it can be an article.
    #expect(try AnswerNormalization.squad("A\u{301} b") == "\u{301} b")
  }

  @Test("a language without rules is refused by name")
  func unknownLanguage() {
    let error = #expect(throws: MetricsError.self) {
      try AnswerScore("x", golds: ["x"], normalization: .mlqa(language: "fr"))
    }
    #expect(error?.message.contains("'fr'") == true)
  }

  @Test("questions with and without an answer are scored apart")
  func parts() throws {
    let one = AnswerScore(exactMatch: 1, f1: 1)
    let none = AnswerScore(exactMatch: 0, f1: 0.5)
    let scores = try AnswerScores([one, none, one], hasAnswer: [true, true, false])
    #expect(scores.all.exactMatch == 2 / 3.0)
    #expect(scores.answerable == AnswerScore(exactMatch: 0.5, f1: 0.75))
    #expect(scores.unanswerable == one)
    #expect(throws: MetricsError.self) { try AnswerScores([one], hasAnswer: []) }
  }
}
