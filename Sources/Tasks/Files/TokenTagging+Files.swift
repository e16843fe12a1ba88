// SPDX-License-Identifier: Apache-2.0

import Corpora
import Metrics

extension TokenTagging: FileTask {
  /// A sentence with its tags.
  public struct Answer: Encodable, Sendable {
    let words: [String]
    let tags: [String]
    let probabilities: [Float]
  }

  /// CoNLL-U, or a word and its tag in a line.
  public static let fileForm =
    ".conllu, or columns with a word and its tag in a line and an empty line behind each sentence"

  /// The sentences of a file.
  public static func examples(_ path: String, _ layout: TaskLayout) throws -> [FileExample<Self>] {
    try TaggedSentenceReader(format(path, layout)).read(path)
      .map { FileExample(LabelledExample($0)) }
  }

  /// The words of a file's sentences; of a `.txt` each line is a sentence with spaces between its words.
  public static func inputs(_ path: String, _ layout: TaskLayout) throws -> [[String]] {
    guard path == "-" || path.hasSuffix(".txt") || path.hasSuffix(".txt.gz") else {
      return try TaggedSentenceReader(format(path, layout)).read(path).map(\.words)
    }
    var result: [[String]] = []
    try TextLines(path).forEachBatch(of: 1024) { lines in
      result += lines.map { $0.split(separator: " ").map(String.init) }.filter { !$0.isEmpty }
    }
    return result
  }

  /// The format of a file, and the column that its tags are in.
  private static func format(
    _ path: String, _ layout: TaskLayout
  ) throws -> TaggedSentenceReader.Format {
    let isConllu = path.hasSuffix(".conllu") || path.hasSuffix(".conllu.gz")
    guard let label = layout.label else { return isConllu ? .conllu() : .columns() }
    if let column = ConlluColumn(rawValue: label) { return .conllu(column) }
    guard !isConllu, let tag = Int(label), tag != 0 else {
      let names = ConlluColumn.allCases.map(\.rawValue).joined(separator: ", ")
      throw TaskError(
        .examples,
        "expected a column of tags: \(names), or of other files its number from 1 (-1 for the last), "
          + "found '\(label)'", at: path)
    }
    let word = layout.text.flatMap { Int($0) } ?? 1
    return .columns(word: word > 0 ? word - 1 : word, tag: tag > 0 ? tag - 1 : tag)
  }

  /// The tags that occur; entities where all of them are spelled O, B- and I-.
  public static func configuration(
    _ examples: [LabelledExample<[String], [String]>], _ options: TaskOptions
  ) throws -> Configuration {
    let labels = try LabelSet(examples.flatMap(\.gold))
    let isSpelled = labels.names.allSatisfy {
      $0 == "O" || $0.hasPrefix("B-") || $0.hasPrefix("I-")
    }
    let kind = options.tags ?? (isSpelled ? .entities : .words)
    return Configuration(
      labels: labels, kind: kind,
      decoding: options.decoding ?? (kind == .entities ? .repaired : .independent),
      stride: options.stride ?? 64)
  }

  /// Weights by which all tags count the same.
  public static func classWeights(
    _ examples: [LabelledExample<[String], [String]>], _ configuration: Configuration
  ) -> [Float]? {
    configuration.labels.balancedWeights(examples.flatMap(\.gold))
  }

  /// Yes: each word has a tag to keep.
  public static var rewritesWords: Bool { true }

  /// Each word in other words, with the tag it had.
  public static func rewritten(
    _ example: LabelledExample<[String], [String]>, by rewrite: (String) -> String
  ) -> LabelledExample<[String], [String]> {
    LabelledExample(example.input.map(rewrite), example.gold)
  }

  /// Each word's tag.
  public func answer(_ prediction: Prediction, to input: [String]) -> Answer {
    Answer(words: input, tags: prediction.tags, probabilities: prediction.probabilities)
  }

  /// Of entities twice those that are right, of all that are true and all that were found; of other tags the right ones.
  public func shares(_ predictions: [Prediction], gold: [[String]]) -> [ScoreShare]? {
    zip(predictions, gold).map { prediction, gold in
      guard configuration.kind == .entities else {
        let right = zip(prediction.tags, gold).count { $0.utf8.elementsEqual($1.utf8) }
        return ScoreShare(Double(right), of: Double(gold.count))
      }
      let (truth, found) = (EntitySpan.lenient(gold), EntitySpan.lenient(prediction.tags))
      let right = Set(truth).intersection(found).count
      return ScoreShare(Double(2 * right), of: Double(truth.count + found.count))
    }
  }

  /// Sentences with a wrong tag: the word that the model was surest of and wrong.
  public func mistakes(
    _ predictions: [Prediction], gold: [[String]], inputs: [[String]]
  ) -> [TaskMistake] {
    zip(zip(predictions, gold), inputs).compactMap { pair, words in
      let wrong = words.indices.filter {
        !pair.0.tags[$0].utf8.elementsEqual(pair.1[$0].utf8)
      }
      guard let worst = wrong.max(by: { pair.0.probabilities[$0] < pair.0.probabilities[$1] })
      else { return nil }
      let sentence = words.enumerated().map { $0 == worst ? "[\($1)]" : $1 }
      return TaskMistake(
        text: sentence.joined(separator: " "), gold: pair.1[worst], predicted: pair.0.tags[worst],
        confidence: Double(pair.0.probabilities[worst]))
    }
  }
}
