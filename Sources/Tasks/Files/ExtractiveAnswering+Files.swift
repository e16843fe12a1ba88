// SPDX-License-Identifier: Apache-2.0

import Corpora
import Metrics

extension ExtractiveAnswering: FileTask {
  /// A question with its answer; places are in bytes of UTF-8 and in Unicode scalars.
  public struct Answer: Encodable, Sendable {
    let question: String
    let answer: String?
    let start: Int?
    let end: Int?
    let scalarStart: Int?
    let scalarEnd: Int?
    let probability: Float?
    let candidates: [AnswerPrediction.Candidate]
  }

  /// SQuAD's JSON.
  public static let fileForm = ".json as SQuAD has it (1.1 or 2.0)"

  /// The questions of a file; those of one paragraph share a split.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try SquadReader.read(path).map {
      FileExample(LabelledExample($0), group: String($0.paragraph))
    }
  }

  /// The questions of a file.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [QuestionInput] {
    try SquadReader.read(path).map { QuestionInput($0.question, context: $0.context) }
  }

  /// Whether there are questions without an answer.
  public static func configuration(
    _ examples: [LabelledExample<QuestionInput, AnswerGold>], _ options: TaskOptions
  ) throws -> Configuration {
    var configuration = Configuration()
    configuration.maximumLength = options.window ?? configuration.maximumLength
    configuration.stride = options.stride ?? configuration.stride
    configuration.maximumAnswerLength = options.answerLength ?? configuration.maximumAnswerLength
    configuration.allowsNoAnswer =
      options.allowsNoAnswer ?? examples.contains { $0.gold.answers.isEmpty }
    return configuration
  }

  /// The question in other words; the paragraph stays, with the answers' places in it.
  public static func rewritten(
    _ example: LabelledExample<QuestionInput, AnswerGold>, by rewrite: (String) -> String
  ) -> LabelledExample<QuestionInput, AnswerGold> {
    LabelledExample(
      QuestionInput(rewrite(example.input.question), context: example.input.context), example.gold)
  }

  /// The best answer, and the others that were considered.
  public func answer(_ prediction: AnswerPrediction, to input: QuestionInput) -> Answer {
    let span = prediction.answer
    return Answer(
      question: input.question, answer: span?.text, start: span?.start, end: span?.end,
      scalarStart: span?.scalarStart, scalarEnd: span?.scalarEnd,
      probability: span == nil ? nil : prediction.candidates.first?.probability,
      candidates: Array(prediction.candidates.prefix(3)))
  }

  /// Each question's F1.
  public func shares(
    _ predictions: [AnswerPrediction], gold: [AnswerGold]
  ) throws -> [ScoreShare]? {
    let empty: AnswerScore.EmptyAnswers =
      configuration.allowsNoAnswer ? .areAnswers : .neverOverlap
    return try zip(predictions, gold).map { prediction, gold in
      let score = try AnswerScore(
        prediction.answer?.text ?? "", golds: gold.answers.map(\.text), empty: empty)
      return ScoreShare(score.f1)
    }
  }

  /// Questions whose answer has no word of a right one.
  public func mistakes(
    _ predictions: [AnswerPrediction], gold: [AnswerGold], inputs: [QuestionInput]
  ) -> [TaskMistake] {
    guard let shares = try? shares(predictions, gold: gold) else { return [] }
    return inputs.indices.filter { shares[$0].part == 0 }.map { index in
      TaskMistake(
        text: inputs[index].question, gold: gold[index].answers.first?.text ?? "no answer",
        predicted: predictions[index].answer?.text ?? "no answer",
        confidence: Double(predictions[index].candidates.first?.probability ?? 0))
    }
  }
}
