// SPDX-License-Identifier: Apache-2.0

extension HomeAssistantIntents {
  /// Sentences by language, then by intent.
  typealias Sentences = [String: [String: [Example]]]

  /// Chooses intents, languages and rows, and splits them.
  ///
  /// - Throws: `CorpusError.Code.format` where the source language or anything to learn is not there.
  func select(_ sentences: Sentences) throws(CorpusError) -> ImportedCorpus {
    guard let labelled = sentences[source] else {
      throw CorpusError(
        .format, "the package lacks the source language '\(source)'",
        found: sentences.keys.sorted().joined(separator: ", "))
    }
    let splits = labelled.mapValues { split($0, isSource: true) }
    let learned = Learned(splits)
    let others = sentences.filter { $0.key != source }.mapValues { intents in
      intents.mapValues { split(learned.unseen($0), isSource: false) }
    }
    let intents = chosenIntents(splits, others)
    guard !intents.isEmpty else {
      throw CorpusError(
        .format, "no intent of '\(source)' has enough templates",
        expected: "at least \(templateMinimum), and \(sentenceMinimum) sentences")
    }
    var corpus = ImportedCorpus()
    corpus.examples[source] = rows(splits, intents)
    for language in chosenLanguages(others, intents) {
      corpus.examples[language] = rows(others[language] ?? [:], intents)
    }
    return corpus
  }

  /// The sentences of one intent by split.
  func split(_ examples: [Example], isSource: Bool) -> [String: [Example]] {
    let shares =
      isSource
      ? [("test", sourceShares.test), ("dev", sourceShares.dev)] : [("test", otherTestShare)]
    let split = TemplateSplit(
      examples.map { $0.group ?? "" }, shares: shares, rest: "train", seed: seed)
    return Dictionary(grouping: examples) { split[$0.group ?? ""] ?? "train" }
  }

  /// The intents that can be learned from the source and that the most other languages have.
  private func chosenIntents(
    _ source: [String: [String: [Example]]], _ others: [String: [String: [String: [Example]]]]
  ) -> [String] {
    source.filter { _, splits in
      let examples = splits.values.joined()
      return splits.count == 3 && examples.count >= sentenceMinimum
        && Set(examples.map { $0.group ?? "" }).count >= templateMinimum
    }.keys
      .map { intent in
        (intent: intent, languages: others.values.count { isCovered($0[intent]) })
      }
      .sorted { ($1.languages, $0.intent) < ($0.languages, $1.intent) }
      .prefix(intentCount).map(\.intent).sorted()
  }

  /// The languages beside the source that have the most of the intents and, of those, the most sentences.
  private func chosenLanguages(
    _ others: [String: [String: [String: [Example]]]], _ intents: [String]
  ) -> [String] {
    others.map { language, splits in
      let rows = intents.reduce(0) { $0 + (splits[$1] ?? [:]).values.reduce(0) { $0 + $1.count } }
      return (language: language, intents: intents.count { isCovered(splits[$0]) }, rows: rows)
    }
    .filter { $0.intents > 0 }
    .sorted { ($1.intents, $1.rows, $0.language) < ($0.intents, $0.rows, $1.language) }
    .prefix(languageCount).map(\.language).sorted()
  }

  private func isCovered(_ splits: [String: [Example]]?) -> Bool {
    splits?["test", default: []].count ?? 0 >= coveredMinimum
  }

  /// The rows of some intents by split, each intent's up to its limit.
  private func rows(
    _ splits: [String: [String: [Example]]], _ intents: [String]
  ) -> [String: [Example]] {
    var rows: [String: [Example]] = [:]
    for intent in intents {
      for (split, examples) in splits[intent] ?? [:] {
        // In the order of a hash, so that a limit takes a fair sample of the templates.
        let order = examples.map { (stableHash(String(seed), $0.text), $0) }
          .sorted { ($0.0, $0.1.text) < ($1.0, $1.1.text) }
        rows[split, default: []] += order.prefix(limits[split] ?? .max).map(\.1)
      }
    }
    return rows
  }
}

/// What the source is learned from; another language must not be tested on it, even where it says the same
/// in the same words.
private struct Learned {
  private var texts: Set<String> = []
  private var groups: Set<String> = []

  init(_ splits: [String: [String: [Example]]]) {
    for examples in splits.values.flatMap({ [$0["train"] ?? [], $0["dev"] ?? []] }) {
      for example in examples {
        texts.insert(example.text.lowercased())
        if let group = example.group { groups.insert(group) }
      }
    }
  }

  func unseen(_ examples: [Example]) -> [Example] {
    examples.filter {
      !texts.contains($0.text.lowercased()) && !groups.contains($0.group ?? "")
    }
  }
}
