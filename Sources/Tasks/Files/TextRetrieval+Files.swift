// SPDX-License-Identifier: Apache-2.0

import Corpora

extension TextRetrieval: FileTask {
  /// A query and a passage with the cosine of their vectors.
  public struct Answer: Encodable, Sendable {
    let query: String
    let passage: String
    let cosine: Double
  }

  /// A table of pairs, or two files whose lines belong together.
  public static let fileForm =
    ".tsv, .csv or .jsonl with the columns query and passage, or lines of text beside a file of passages"

  /// The pairs of a file; queries whose passages are the same text share them.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    var numbers: [[UInt8]: Int] = [:]
    return try inputs(path, layout).map { input in
      let key = Array(input.passage.utf8)
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return FileExample(LabelledExample(input, number))
    }
  }

  /// The pairs of a file.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [Input] {
    guard let passages = layout.passages else {
      return try layout.reader(text: "query", pair: "passage", requiresLabel: false).read(path)
        .map { Input($0.text, $0.pair ?? "") }
    }
    let (queries, others) = (try lines(path), try lines(passages))
    guard queries.count == others.count else {
      throw TaskError(
        .examples,
        "expected as many passages as queries, a line each, found \(others.count) in \(passages) for "
          + "\(queries.count) queries", at: path)
    }
    return zip(queries, others).map { Input($0, $1) }
  }

  private static func lines(_ path: String) throws -> [String] {
    var result: [String] = []
    try TextLines(path).forEachBatch(of: 4096) { result += $0 }
    return result
  }

  /// How vectors are made and compared.
  public static func configuration(
    _ examples: [LabelledExample<Input, Int>], _ options: TaskOptions
  ) throws -> Configuration {
    Configuration(
      vectors: options.vectors, temperature: options.temperature ?? 0.05,
      isSymmetric: options.isSymmetric ?? false)
  }

  /// The query in other words.
  public static func rewritten(
    _ example: LabelledExample<Input, Int>, by rewrite: (String) -> String
  ) -> LabelledExample<Input, Int> {
    var input = example.input
    input.query = rewrite(input.query)
    return LabelledExample(input, example.gold)
  }

  /// The cosine.
  public func answer(_ prediction: Prediction, to input: Input) -> Answer {
    let pair = VectorPair(first: prediction.query, second: prediction.passage)
    return Answer(query: input.query, passage: input.passage, cosine: pair.cosine)
  }

  /// Whether each query's own passage is the nearest of all.
  public func shares(_ predictions: [Prediction], gold: [Int]) -> [ScoreShare]? {
    Self.ranks(predictions, gold: gold).forward.map { ScoreShare($0 == 1 ? 1 : 0) }
  }

  /// Queries that are nearer to another passage.
  public func mistakes(
    _ predictions: [Prediction], gold: [Int], inputs: [Input]
  ) -> [TaskMistake] {
    let ranks = Self.ranks(predictions, gold: gold).forward
    return predictions.indices.filter { ranks[$0] > 1 }.compactMap { row in
      func cosine(_ column: Int) -> Double {
        VectorPair(first: predictions[row].query, second: predictions[column].passage).cosine
      }
      let best = predictions.indices.filter { gold[$0] != gold[row] }
        .map { ($0, cosine($0)) }.max { $0.1 < $1.1 }
      guard let best else { return nil }
      return TaskMistake(
        text: inputs[row].query, gold: inputs[row].passage, predicted: inputs[best.0].passage,
        confidence: min(max(best.1, 0), 1))
    }
  }
}
