// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Subwords
import Tasks
import WritingSystems

/// A sample of a language's text, for a source perhaps with its labels.
public struct SourceText: Sendable {
  /// The language's code, as the user writes it.
  public var language: String
  /// The texts.
  public var texts: [String]
  /// The label of each text; nil for text alone.
  public var labels: [String]?

  /// Text of a language.
  public init(language: String, texts: [String], labels: [String]? = nil) {
    self.language = language
    self.texts = texts
    self.labels = labels
  }

  /// Rows from all over, at most so many; files are often sorted by class.
  func sampled(_ count: Int) -> SourceText {
    let places = TaskData.sample(Array(texts.indices), count)
    return SourceText(
      language: language, texts: places.map { texts[$0] },
      labels: labels.map { labels in places.map { labels[$0] } })
  }

  /// What the text consists of, under an encoder's vocabulary.
  func profile(_ encoder: any SentenceEncoder) -> LanguageProfile {
    let tokenizer = (encoder as? TextEncoder)?.tokenizer
    let pieces =
      tokenizer?.ids(of: texts, addsSpecialTokens: false, recognizesSpecialTokens: false)
      ?? texts.map(encoder.tokenize)
    var profile = LanguageProfile()
    for (text, pieces) in zip(texts, pieces) {
      profile.add(
        words: WordSplitter.words(of: text), pieces: pieces, unknown: tokenizer?.unknownID,
        scripts: Dictionary(
          text.scriptCounts.map { ($0.script.code, $0.count) }, uniquingKeysWith: +))
    }
    return profile
  }
}
