// SPDX-License-Identifier: Apache-2.0

import Metrics
import Torch
import Transformers

/// Answers to questions, as stretches of a text.
///
/// A text longer than the model is read in windows that overlap. The head gives each token a score as the start and as the end of
/// the answer, as `*ForQuestionAnswering`; in windows without the answer the first token is both. Loss and decoding are those of
/// BERT on SQuAD (Devlin and others, 2019, 4.2 and 4.3).
public struct ExtractiveAnswering: TuningTask {
  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// The most tokens of a window; 384.
    public var maximumLength: Int
    /// Tokens of the text that neighbouring windows share; 128, at most half the room.
    public var stride: Int
    /// The most tokens of a question, whose end is cut; 64.
    public var maximumQuestionLength: Int
    /// The most tokens of an answer; 30.
    public var maximumAnswerLength: Int
    /// Starts and ends that are tried, and answers that are kept; 20.
    public var candidateCount: Int
    /// Whether "no answer" is an answer, as in SQuAD 2.0; not by default.
    public var allowsNoAnswer: Bool
    /// By how much "no answer" must beat the best answer's score; 0.
    public var noAnswerThreshold: Double

    /// A configuration with the usual numbers.
    public init(
      maximumLength: Int = 384, stride: Int = 128, maximumQuestionLength: Int = 64,
      maximumAnswerLength: Int = 30, candidateCount: Int = 20, allowsNoAnswer: Bool = false,
      noAnswerThreshold: Double = 0
    ) {
      self.maximumLength = maximumLength
      self.stride = stride
      self.maximumQuestionLength = maximumQuestionLength
      self.maximumAnswerLength = maximumAnswerLength
      self.candidateCount = candidateCount
      self.allowsNoAnswer = allowsNoAnswer
      self.noAnswerThreshold = noAnswerThreshold
    }
  }

  /// The task's name.
  public static let name = "extractive-answering"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The windows of a text, each behind the question.
  ///
  /// To learn, the first of the true answers counts.
  public func features(
    of input: QuestionInput, gold: AnswerGold?, _ rows: RowEncoder
  ) throws -> [AnswerFeature] {
    let answer = gold.map { $0.answers.first?.bytes }
    if let range = answer ?? nil, range.upperBound > input.context.utf8.count || range.isEmpty {
      throw TaskError(
        .examples,
        "expected an answer within the text's \(input.context.utf8.count) bytes, "
          + "found bytes \(range.lowerBound) to \(range.upperBound)")
    }
    return try AnswerFeature.windows(input, answer: answer, rows, configuration)
  }

  /// A map to two scores per token, `qa_outputs`.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try TaskHead(scope, width: body.hiddenSize, outputs: 2, name: "qa_outputs")
  }

  /// The mean of both cross-entropies over the tokens of a window, a window each.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<AnswerFeature>, _ head: TaskHead,
    _ settings: LossSettings
  ) throws -> LossSum {
    // Without dropout, as *ForQuestionAnswering.
    let logits = try head(states)  // [tokens, 2]
    let all = batch.targets(\.target)
    var parts: [Tensor] = []
    var owners: [Int] = []
    for group in batch.packed.groups {
      let members = batch.packed.order[owners.count..<owners.count + group.rowCount]
      let scores = try logits.narrowed(
        0, start: group.start, length: group.rowCount * group.length
      ).reshaped([group.rowCount, group.length, 2])  // [rows, length, 2]
      let targets = members.map { all[$0] }
      let smoothing = settings.labelSmoothing
      let starts = try scores.selected(2, 0).crossEntropies(
        Tensor(targets.map { Int64($0.lowerBound) }), labelSmoothing: smoothing)
      let ends = try scores.selected(2, 1).crossEntropies(
        Tensor(targets.map { Int64($0.upperBound) }), labelSmoothing: smoothing)
      parts.append(try starts.adding(ends).multiplied(by: 0.5))  // [rows]
      owners += members
    }
    return try LossSum(Tensor.concatenated(parts), weights: batch.weights(of: owners))
  }

  /// For each window the scores of "no answer" and of the text's tokens.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<AnswerFeature>, _ head: TaskHead
  ) throws -> [AnswerLogits] {
    let all = try head(states).elements(as: Float.self)  // [tokens, 2]
    return batch.features.enumerated().map { index, feature in
      let row = Int(batch.places([0], feature: index)[0])
      let text = row + feature.textStart
      return AnswerLogits(
        none: all[2 * row] + all[2 * row + 1],
        starts: feature.offsets.indices.map { all[2 * (text + $0)] },
        ends: feature.offsets.indices.map { all[2 * (text + $0) + 1] })
    }
  }

  /// The best answer over all windows.
  public func prediction(
    _ outputs: [AnswerLogits], _ features: [AnswerFeature], _ input: QuestionInput
  ) throws -> AnswerPrediction {
    AnswerPrediction(outputs, features, input.context, configuration)
  }

  /// Exact match and F1 in 0...1, by SQuAD's rules; with questions that have no answer, of both kinds apart too.
  public func scores(_ predictions: [AnswerPrediction], gold: [AnswerGold]) throws -> [TaskScore] {
    try check(predictions, gold)
    let empty: AnswerScore.EmptyAnswers =
      configuration.allowsNoAnswer ? .areAnswers : .neverOverlap
    let scores = try zip(predictions, gold).map { prediction, gold in
      try AnswerScore(
        prediction.answer?.text ?? "", golds: gold.answers.map(\.text), empty: empty)
    }
    let parts = try AnswerScores(scores, hasAnswer: gold.map { !$0.answers.isEmpty })
    var result = [
      TaskScore("f1", parts.all.f1), TaskScore("exact_match", parts.all.exactMatch),
    ]
    if let answerable = parts.answerable, let unanswerable = parts.unanswerable {
      result += [
        TaskScore("answerable_f1", answerable.f1),
        TaskScore("answerable_exact_match", answerable.exactMatch),
        TaskScore("unanswerable_exact_match", unanswerable.exactMatch),
      ]
    }
    return result
  }
}
