// SPDX-License-Identifier: Apache-2.0

import Corpora

extension LabelledExample where Input == TextInput, Gold == String {
  /// A text or pair with its class; nil for one without a label.
  public init?(_ example: Example) {
    guard let label = example.label else { return nil }
    self.init(TextInput(example.text, example.pair), label)
  }
}

extension LabelledExample where Input == TextInput, Gold == Double {
  /// A text or pair with its number.
  public init(_ scored: (example: Example, score: Double)) {
    self.init(TextInput(scored.example.text, scored.example.pair), scored.score)
  }
}

extension LabelledExample where Input == [String], Gold == [String] {
  /// A sentence's words with their tags.
  public init(_ sentence: TaggedSentence) { self.init(sentence.words, sentence.tags) }
}

extension LabelledExample where Input == QuestionInput, Gold == AnswerGold {
  /// A question with its answers.
  public init(_ record: QuestionRecord) {
    self.init(
      QuestionInput(record.question, context: record.context),
      AnswerGold(record.answers.map { ($0.text, $0.bytes) }))
  }
}
