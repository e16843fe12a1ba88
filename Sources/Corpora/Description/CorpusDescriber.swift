// SPDX-License-Identifier: Apache-2.0

/// Counts what a corpus consists of while its examples go by.
public struct CorpusDescriber: Sendable {
  /// How many texts of each language, the first ones, are kept to look for near copies and doubtful labels.
  public let sampleLimit: Int
  /// How many domains and dialects of a language are told apart; further ones are counted as "…".
  public static let partLimit = 32
  /// How many doubtful labels of each language are listed.
  public var suspectLimit = 5

  /// What near copies are: 64 places, a Jaccard coefficient of 0.8.
  private static let minHash = MinHash(count: 64)
  private static let threshold = 0.8

  private var languages: [String: LanguageTally] = [:]
  private var names: [String] = []

  /// A describer; 5,000 texts of each language are compared.
  public init(sampleLimit: Int = 5000) { self.sampleLimit = sampleLimit }

  /// What is known of a language.
  private struct LanguageTally: Sendable {
    var all = TextTally()
    var dialects: [String: TextTally] = [:]
    var domains: [String: TextTally] = [:]
    var near = NearIndex(
      width: CorpusDescriber.minHash.count,
      banding: Banding(
        threshold: CorpusDescriber.threshold, places: CorpusDescriber.minHash.count),
      threshold: CorpusDescriber.threshold, memory: .max / 4)
    var compared = 0
    var nearCopies = 0
    var labelled: [LabelDoubts.Item] = []
  }

  /// A text as the describer takes it.
  public struct Text: Sendable {
    /// The text.
    public var text: String
    /// Its label.
    public var label: String?
    /// Its language; "und" where it is not known.
    public var language: String
    /// Its dialect.
    public var dialect: String?
    /// Its domain or register.
    public var domain: String?
    /// The line in its file, from 1.
    public var line: Int

    /// A text with what is known of it.
    public init(
      _ text: String, label: String? = nil, language: String = "und", dialect: String? = nil,
      domain: String? = nil, line: Int = 0
    ) {
      self.text = text
      self.label = label
      self.language = language
      self.dialect = dialect
      self.domain = domain
      self.line = line
    }
  }

  /// Begins a file, from which the following texts are.
  public mutating func begin(file: String) { names.append(file) }

  /// Counts texts, on so many threads.
  public mutating func add(_ texts: [Text], threads: Int = 1) {
    let counted = concurrentMap(texts.count, threads: threads) { index in
      let bytes = Array(texts[index].text.utf8)
      return (bytes, TextTally.Count(bytes, label: texts[index].label))
    }
    for (text, (bytes, count)) in zip(texts, counted) {
      // Taken out and put back, so that nothing is copied.
      var tally = languages.removeValue(forKey: text.language) ?? LanguageTally()
      tally.all.insert(count)
      Self.insert(count, under: text.dialect, into: &tally.dialects)
      Self.insert(count, under: text.domain, into: &tally.domains)
      if tally.compared < sampleLimit { compare(bytes, text, &tally) }
      languages[text.language] = tally
    }
  }

  private static func insert(
    _ count: TextTally.Count, under name: String?, into parts: inout [String: TextTally]
  ) {
    guard let name else { return }
    let key = parts[name] != nil || parts.count < partLimit ? name : "…"
    parts[key, default: TextTally()].insert(count)
  }

  private func compare(_ bytes: [UInt8], _ text: Text, _ tally: inout LanguageTally) {
    tally.compared += 1
    let place = RecordPlace(source: max(0, names.count - 1), number: text.line)
    let key = NearIndex.Key(
      sketch: Self.minHash.sketch(bytes), fingerprint: TextFingerprint(bytes, seed: 1))
    if tally.near.find(key) != nil {
      tally.nearCopies += 1
    } else {
      tally.near.insert(key, at: place)
    }
    // A text that is longer than a page need not be kept whole to be judged.
    if let label = text.label {
      let kept = bytes.count <= 8192 ? bytes : Array(TextCleaner.cut(bytes, to: 2048).utf8)
      tally.labelled.append(.init(text: kept, label: label, place: place))
    }
  }

  /// What was counted.
  public func description(threads: Int = 1) -> CorpusDescription {
    let keys = languages.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var description = CorpusDescription()
    description.languages = concurrentMap(keys.count, threads: threads) { index in
      describe(keys[index], languages[keys[index]] ?? LanguageTally())
    }
    return description
  }

  private func describe(_ name: String, _ tally: LanguageTally) -> CorpusDescription.Language {
    let doubts = LabelDoubts(tally.labelled, names: names).find()
    let domains = Self.parts(tally.domains, of: tally.all)
    return CorpusDescription.Language(
      language: name, amount: tally.all.summary, labels: tally.all.labelSummary,
      nearDuplicates: Double(tally.nearCopies) / Double(max(1, tally.compared)),
      compared: tally.compared, dialects: Self.parts(tally.dialects, of: tally.all),
      domains: domains, divergences: Self.divergences(tally.domains),
      halves: tally.all.divergenceOfHalves, foretold: doubts.foretold,
      suspectCount: doubts.suspects.count,
      suspects: Array(doubts.suspects.prefix(suspectLimit)))
  }

  private static func parts(
    _ parts: [String: TextTally], of whole: TextTally
  ) -> [CorpusDescription.Part] {
    sortedNames(parts).compactMap { name in
      parts[name].map { part in
        CorpusDescription.Part(
          name: name, amount: part.summary, labels: part.labelSummary,
          divergence: part.words.divergence(from: whole.words.removing(part.words)))
      }
    }
  }

  private static func divergences(
    _ domains: [String: TextTally]
  ) -> [CorpusDescription.Divergence] {
    let names = sortedNames(domains)
    return names.enumerated().flatMap { index, left in
      names[(index + 1)...].compactMap { right in
        guard let one = domains[left], let other = domains[right] else { return nil }
        return CorpusDescription.Divergence(
          left: left, right: right, bits: one.words.divergence(from: other.words))
      }
    }
  }

  private static func sortedNames(_ parts: [String: TextTally]) -> [String] {
    parts.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
