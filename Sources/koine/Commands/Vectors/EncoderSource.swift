// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import WordVectors

/// The files that an encoder of word vectors is made of.
struct EncoderSource {
  let vectors: [String]
  let text: [String]
  let counts: [String]
  let cutting: StaticEncoder.Cutting
  let files: VectorFileOptions

  /// The languages with their words, n-grams and counts.
  func languages() throws -> [SentenceLanguage] {
    let counted = try named(counts, "counts")
    let texts = try named(text, "text")
    return try named(vectors, "vectors").map { name, path in
      var table: VectorTable
      var ownCounts: [Int]?
      var total: Int?
      var subwords: SubwordTable?
      if try VectorFormat(ofFile: path) == .fastText {
        let model = try FastTextModel(contentsOf: path)
        (table, ownCounts) = model.countedWords(threads: files.threads)
        total = Int(model.dictionary.tokenCount)
        subwords = model.isQuantized ? nil : try model.subwordTable()
        if let limit = files.maxWords, limit < table.count {
          table = table.prefix(limit)
          ownCounts = ownCounts.map { Array($0.prefix(limit)) }
        }
      } else {
        table = try files.table(path)
      }
      if let file = counted.first(where: { $0.language == name })?.path {
        (ownCounts, total) = try read(file, table)
      } else if ownCounts == nil, texts.contains(where: { $0.language == name }) {
        (ownCounts, total) = try count(texts.filter { $0.language == name }.map(\.path), table)
      }
      guard let ownCounts else {
        throw WordVectorError(
          .data, "it is not known how often the words of '\(name)' come",
          expected: "--counts or --text of '\(name)', or a .bin", at: path)
      }
      return try SentenceLanguage(
        name: name, words: table, counts: ownCounts, total: total, subwords: subwords)
    }
  }

  /// The text's sentences by language.
  func sentences() throws -> [String: [String]] {
    var sentences: [String: [String]] = [:]
    for (language, path) in try named(text, "text") {
      try TextLines(path).forEach { line, _ in sentences[language, default: []].append(line) }
    }
    return sentences
  }

  private func named(
    _ arguments: [String], _ what: String
  ) throws -> [(language: String, path: String)] {
    try arguments.flatMap { argument in
      try LanguageFile.files(for: argument).map { file in
        guard let language = file.language else {
          throw CorpusError(
            .language, "the language of a file of \(what) is not named",
            expected: "FILE=LANGUAGE, or a pattern with {lang}", at: argument)
        }
        return (language, file.path)
      }
    }
  }

  /// Counts as a file gives them: word, tab, count.
  private func read(_ path: String, _ table: VectorTable) throws -> (counts: [Int], total: Int) {
    var counts = [Int](repeating: 0, count: table.count)
    var (sum, total) = (0, Int?.none)
    try TextLines(path).forEach { line, number in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2, let count = Int(fields[1]), count >= 0 else {
        throw CorpusError(
          .format, "not a word and its count", expected: "a word, a tab and a whole number",
          found: line, at: path, line: number)
      }
      if fields[0] == "#total" {
        total = count
      } else {
        sum += count
        if let row = table.words.index(of: String(fields[0])) { counts[row] = count }
      }
    }
    return (counts, total ?? sum)
  }

  /// Counts of a text.
  private func count(
    _ paths: [String], _ table: VectorTable
  ) throws -> (counts: [Int], total: Int) {
    var counts = [Int](repeating: 0, count: table.count)
    var total = 0
    for path in paths {
      try TextLines(path).forEach { line, _ in
        cutting.forEachWord(in: line) { word in
          total += 1
          if let row = table.words.index(ofBytes: word) { counts[row] += 1 }
        }
      }
    }
    return (counts, total)
  }
}
