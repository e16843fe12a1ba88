// SPDX-License-Identifier: Apache-2.0

/// How well one answer, or many, agree with what people answered; both numbers in 0...1.
public struct AnswerScore: Sendable, Hashable, Codable {
  /// 1 where the answer is one of the true ones after normalisation; the mean over many.
  public let exactMatch: Double
  /// The overlap in words with the true answer that it is nearest to; the mean over many.
  public let f1: Double

  /// A score of numbers that are known.
  public init(exactMatch: Double, f1: Double) {
    self.exactMatch = exactMatch
    self.f1 = f1
  }

  /// What an answer without words scores.
  public enum EmptyAnswers: String, Sendable, Codable {
    /// F1 0, even where the true answer is empty too: SQuAD 1.1's script.
    case neverOverlap
    /// F1 1 where both are empty: SQuAD 2.0's, where "no answer" is an answer.
    case areAnswers
  }

  /// The best score of an answer over the true ones.
  ///
  /// - Parameters:
  ///   - prediction: the model's answer.
  ///   - golds: what people answered; none at all is as one empty answer.
  ///   - normalization: what of an answer counts.
  ///   - empty: what answers without words score.
  public init(
    _ prediction: String, golds: [String], normalization: AnswerNormalization = .squad,
    empty: EmptyAnswers = .neverOverlap
  ) throws(MetricsError) {
    let words = try normalization.words(of: prediction)
    var (exact, overlap) = (0.0, 0.0)
    for gold in golds.isEmpty ? [""] : golds {
      let truth = try normalization.words(of: gold)
      if Self.isSame(words, truth) { exact = 1 }
      overlap = max(overlap, Self.f1(words, truth, empty))
    }
    exactMatch = exact
    f1 = overlap
  }

  /// The mean of scores; zeros for none.
  public init(mean scores: [AnswerScore]) {
    let count = Double(max(scores.count, 1))
    exactMatch = scores.reduce(0) { $0 + $1.exactMatch } / count
    f1 = scores.reduce(0) { $0 + $1.f1 } / count
  }

  private static func isSame(_ first: [String], _ second: [String]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  private static func f1(_ words: [String], _ truth: [String], _ empty: EmptyAnswers) -> Double {
    if empty == .areAnswers, words.isEmpty || truth.isEmpty {
      return words.isEmpty && truth.isEmpty ? 1 : 0
    }
    var counts: [[UInt8]: Int] = [:]
    for word in truth { counts[Array(word.utf8), default: 0] += 1 }
    var common = 0
    for word in words {
      let key = Array(word.utf8)
      guard let left = counts[key], left > 0 else { continue }
      counts[key] = left - 1
      common += 1
    }
    guard common > 0 else { return 0 }
    let precision = Double(common) / Double(words.count)
    let recall = Double(common) / Double(truth.count)
    return 2 * precision * recall / (precision + recall)
  }
}

/// Scores of a set of questions some of which have no answer, as SQuAD 2.0 reports them.
public struct AnswerScores: Sendable, Equatable, Codable {
  /// All questions.
  public let all: AnswerScore
  /// Questions that have an answer; nil where none has.
  public let answerable: AnswerScore?
  /// Questions that have none; nil where all have.
  public let unanswerable: AnswerScore?

  /// Sorts scores by whether their question has an answer.
  ///
  /// - Throws: `MetricsError.Code.lengthMismatch` where the two differ in length.
  public init(_ scores: [AnswerScore], hasAnswer: [Bool]) throws(MetricsError) {
    try MetricsError.requireSameCount(
      scores.count, "scores", hasAnswer.count, "questions")
    func mean(_ value: Bool) -> AnswerScore? {
      let chosen = zip(scores, hasAnswer).filter { $1 == value }.map(\.0)
      return chosen.isEmpty ? nil : AnswerScore(mean: chosen)
    }
    all = AnswerScore(mean: scores)
    answerable = mean(true)
    unanswerable = mean(false)
  }
}
