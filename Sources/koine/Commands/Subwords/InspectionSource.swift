// SPDX-License-Identifier: Apache-2.0

import Corpora
import Subwords

/// The sentences that are inspected, out of files, in blocks.
struct InspectionSource {
  let files: [LanguageFile]
  let limit: Int?
  var reader = ExampleReader()
  /// The languages that are wanted; nil for all.
  var languages: [String]?

  private static let blockSize = 64

  init(files: [LanguageFile], limit: Int?) {
    self.files = files
    self.limit = limit
    reader.requiresLabel = false
    reader.lengthLimit = 1 << 27
  }

  /// The pivot's sentences, counted with each tokenizer.
  func pivot(
    _ language: String, _ tokenizers: [Tokenizer], threads: Int
  ) throws -> [PivotTokens] {
    var pivots = tokenizers.map { _ in PivotTokens(language: language) }
    let cursor = Cursor(self, only: language)
    try OrderedMap(threads: threads) { (block: [InspectionSentence]) in
      (block, tokenizers.map { PivotTokens.counts(of: block, $0) })
    }.run(next: cursor.next) { block, counts in
      for index in pivots.indices { pivots[index].add(block, counts: counts[index]) }
    }
    guard pivots.allSatisfy({ $0.count > 0 }) else {
      throw CorpusError(
        .language, "the pivot \(language) has no sentences in the data",
        hint: "name a language as the data does")
    }
    return pivots
  }

  /// What each inspector counts.
  func measure(_ inspectors: [VocabularyInspector], threads: Int) throws -> [InspectionTally] {
    var tallies = inspectors.map { _ in InspectionTally() }
    let cursor = Cursor(self, only: nil)
    var count = 0
    try OrderedMap(threads: threads) { (block: [InspectionSentence]) in
      (block.count, inspectors.map { $0.measure(block) })
    }.run(next: cursor.next) { sentences, counted in
      for index in tallies.indices { tallies[index].add(counted[index]) }
      if (count + sentences) / 1_000_000 > count / 1_000_000 {
        Terminal.log("\(count + sentences) sentences")
      }
      count += sentences
    }
    let missing = (languages ?? []).filter { language in
      !tallies.allSatisfy { $0.hasText(in: language) }
    }
    guard count > 0, missing.isEmpty else {
      throw CorpusError(
        .language,
        "the data has no sentences"
          + (missing.isEmpty ? "" : " of \(missing.joined(separator: ", "))"),
        hint: "name languages as the data does")
    }
    return tallies
  }

  /// Walks over the sentences of all files.
  private final class Cursor {
    private let source: InspectionSource
    private let only: String?
    private let wanted: Set<String>?
    private var files: ArraySlice<LanguageFile>
    private var current: (file: LanguageFile, stream: ExampleStream, number: Int)?
    /// How many files and sentences of each language there were so far.
    private var fileCounts: [String: Int] = [:]
    private var counts: [String: Int] = [:]
    private var places: [String: Int] = [:]

    init(_ source: InspectionSource, only: String?) {
      self.source = source
      self.only = only
      wanted = source.languages.map(Set.init)
      files = source.files[...]
    }

    func next() throws -> [InspectionSentence]? {
      var block: [InspectionSentence] = []
      while block.count < blockSize, let sentence = try sentence() { block.append(sentence) }
      return block.isEmpty ? nil : block
    }

    private func isWanted(_ language: String) -> Bool {
      if let only { return language == only }
      return wanted?.contains(language) ?? true
    }

    private func sentence() throws -> InspectionSentence? {
      while true {
        guard let (file, stream, number) = current else {
          guard let file = files.popFirst() else { return nil }
          if let language = file.language, !isWanted(language) { continue }
          let number = fileCounts[file.language ?? "", default: 0]
          fileCounts[file.language ?? "", default: 0] += 1
          places = [:]
          current = (file, try file.open(source.reader), number)
          continue
        }
        guard let example = try stream.next() else {
          current = nil
          continue
        }
        guard let language = file.language ?? example.language else {
          throw CorpusError(
            .language, "the text has no language",
            expected: "a column '\(source.reader.languageColumn)'",
            hint: "name the column, or give the file as FILE=LANGUAGE", at: stream.name,
            line: stream.line)
        }
        guard isWanted(language) else { continue }
        places[language, default: 0] += 1
        if let limit = source.limit, counts[language, default: 0] >= limit {
          // Nothing more is wanted of a file in one language.
          if file.language != nil { current = nil }
          continue
        }
        counts[language, default: 0] += 1
        let place = file.language == nil ? places[language] ?? 0 : stream.line
        return InspectionSentence(
          language: language, text: example.text,
          key: example.identifier.map(InspectionSentence.key(named:))
            ?? InspectionSentence.key(line: place, file: number))
      }
    }
  }
}
