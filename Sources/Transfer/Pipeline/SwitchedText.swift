// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Tasks
import Torch

/// The source's labelled text in one other language's words.
struct SwitchedText: Sendable {
  /// The language.
  var language: String
  /// The texts.
  var texts: [String]
  /// The class of each text.
  var labels: [Int]
}

extension TaskData {
  /// The source's labelled text in the words of each language that has a dictionary, as text of that language is put to the encoder; texts in which
  /// nothing was replaced are left out.
  func switched(_ section: CodeSwitchSection, seed: UInt64) throws -> [SwitchedText] {
    var result: [SwitchedText] = []
    let examples = Array(zip(train.texts, train.labels))
    try section.forEachDrawing(of: examples, among: test.dropFirst().map(\.language), seed: seed) {
      language, example, switched in
      let drawn = switched(example.0)
      guard drawn.replaced > 0 else { return }
      if result.last?.language != language {
        result.append(SwitchedText(language: language, texts: [], labels: []))
      }
      result[result.count - 1].texts.append(
        try reading(drawn.text, language: language, drawing: section.glossSettings(seed: seed)))
      result[result.count - 1].labels.append(example.1)
    }
    return result
  }
}

/// Switched text with its vectors under one encoder.
///
/// Such text lies between the source and the language whose words it has, so each language's has a mean of its own.
struct SwitchedFeatures {
  /// The text, language by language.
  let texts: [SwitchedText]
  /// Each language's vectors, `[texts, width]`.
  let vectors: [Tensor]

  /// Runs an encoder over switched text.
  init(
    _ texts: [SwitchedText], _ encoder: any SentenceEncoder, progress: inout ProgressMeter
  ) throws {
    self.texts = texts
    let rows = texts.map { encoder.rows($0.texts) }
    progress.begin(rows.joined().reduce(0) { $0 + $1.count }, unit: "tokens")
    vectors = try zip(texts, rows).map { text, rows in
      try encoder.embed(rows, language: text.language) { progress.advance($0) }
    }
    progress.end()
  }

  /// The classes of all texts.
  var labels: [Int] { texts.flatMap(\.labels) }

  /// Each language's mean.
  func centers() throws -> [Tensor] { try vectors.map { try $0.mean([0]) } }

  /// All vectors, each language's without its mean where they are centred, `[texts, width]`.
  func all(areCentered: Bool) throws -> Tensor {
    guard areCentered else { return try .concatenated(vectors) }
    return try .concatenated(zip(vectors, centers()).map { try $0.subtracting($1) })
  }
}
