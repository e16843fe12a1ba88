// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Metrics

extension PassageReranking: FileTask {
  /// A query with its passages from the best on.
  public struct Answer: Encodable, Sendable {
    let query: String
    let order: [Int]
    let scores: [Float]
  }

  /// A query and its passages in a line.
  public static let fileForm =
    ".jsonl, as {\"query\": \"…\", \"passages\": [\"…\", \"…\"], \"relevant\": [0]}"

  private struct Line: Decodable {
    var query: String
    var passages: [String]
    var relevant: [Int]?
  }

  private static func lines(_ path: String) throws -> [(line: Int, content: Line)] {
    var result: [(Int, Line)] = []
    var number = 0
    try TextLines(path).forEachBatch(of: 1024) { lines in
      for text in lines {
        number += 1
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { continue }
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else {
          throw TaskError(
            .examples, "expected an object as \(fileForm)", at: "\(path):\(number)")
        }
        result.append((number, line))
      }
    }
    guard !result.isEmpty else {
      throw TaskError(.examples, "expected queries with passages, found none", at: path)
    }
    return result
  }

  /// The queries of a file, with the places of their own passages.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try lines(path).map { number, line in
      guard let relevant = line.relevant,
        relevant.allSatisfy(line.passages.indices.contains)
      else {
        throw TaskError(
          .examples,
          "expected 'relevant' with places of passages from 0 to \(line.passages.count - 1), found "
            + (line.relevant.map { "\($0)" } ?? "none"), at: "\(path):\(number)")
      }
      return FileExample(
        LabelledExample(Input(line.query, passages: line.passages), relevant))
    }
  }

  /// The queries of a file.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [Input] {
    try lines(path).map { Input($0.content.query, passages: $0.content.passages) }
  }

  /// How passages are compared.
  public static func configuration(
    _ examples: [LabelledExample<Input, [Int]>], _ options: TaskOptions
  ) throws -> Configuration {
    Configuration(
      objective: options.objective ?? .listwise, pooling: options.pooling,
      hasDense: options.hasDense)
  }

  /// The query in other words.
  public static func rewritten(
    _ example: LabelledExample<Input, [Int]>, by rewrite: (String) -> String
  ) -> LabelledExample<Input, [Int]> {
    var input = example.input
    input.query = rewrite(input.query)
    return LabelledExample(input, example.gold)
  }

  /// The order of the passages.
  public func answer(_ prediction: Prediction, to input: Input) -> Answer {
    Answer(query: input.query, order: prediction.order, scores: prediction.scores)
  }

  /// Each query's reciprocal rank, of queries that have a right passage.
  public func shares(_ predictions: [Prediction], gold: [[Int]]) -> [ScoreShare]? {
    zip(predictions, gold).map { prediction, gold in
      guard !gold.isEmpty else { return ScoreShare(0, of: 0) }
      let score = RankingScore(scores: prediction.scores, relevant: Set(gold))
      return ScoreShare(score.reciprocalRank)
    }
  }

  /// Queries whose first passage is a wrong one.
  public func mistakes(
    _ predictions: [Prediction], gold: [[Int]], inputs: [Input]
  ) -> [TaskMistake] {
    predictions.indices.compactMap { index in
      guard let first = predictions[index].order.first, let right = gold[index].first,
        !gold[index].contains(first)
      else { return nil }
      return TaskMistake(
        text: inputs[index].query, gold: inputs[index].passages[right],
        predicted: inputs[index].passages[first],
        confidence: Double(softmax(predictions[index].scores).max() ?? 0))
    }
  }
}
