// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Transfer

/// Documents and their translations.
struct DocumentPairs {
  /// Where a document ends.
  enum Separation: String, ExpressibleByArgument, CaseIterable {
    case file
    case blankLines = "blank-lines"
  }

  private(set) var documents: [DocumentAligning.Pair] = []
  var sourceLanguage: String?
  var targetLanguage: String?

  /// The documents of two files, `FILE` or `FILE=LANGUAGE`.
  init(_ source: String, _ target: String, separation: Separation) throws {
    let (first, second) = (try Self.file(source), try Self.file(target))
    (sourceLanguage, targetLanguage) = (first.language, second.language)
    try add(first.path, second.path, separation)
  }

  /// The documents of all pairs of files that a table names.
  init(table: String, separation: Separation) throws {
    try TextLines(table).forEach { line, number in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 2 else {
        throw CorpusError(
          .format, "the line does not name two files",
          expected: "source and target with a tab between", found: "\(fields.count) fields",
          at: table, line: number)
      }
      try add(fields[0], fields[1], separation)
    }
    guard !documents.isEmpty else {
      throw CorpusError(.format, "the table names no files", at: table)
    }
  }

  private static func file(_ argument: String) throws -> LanguageFile {
    let files = try LanguageFile.files(for: argument)
    guard files.count == 1 else {
      throw CorpusError(.file, "expected one file, found \(files.count)", at: argument)
    }
    return files[0]
  }

  private mutating func add(
    _ source: String, _ target: String, _ separation: Separation
  ) throws {
    let (left, right): ([SentenceDocument], [SentenceDocument])
    switch separation {
    case .file:
      left = [try SentenceDocument(contentsOf: source)]
      right = [try SentenceDocument(contentsOf: target)]
    case .blankLines:
      left = try SentenceDocument.documents(in: source)
      right = try SentenceDocument.documents(in: target)
      guard left.count == right.count else {
        throw CorpusError(
          .format, "the files have different numbers of documents",
          expected: "\(left.count), as in \(source)", found: "\(right.count)",
          hint: "a blank line ends a document", at: target)
      }
    }
    documents += zip(left, right).map { ($0, $1) }
  }

  /// Reads what is known of all documents, with blank lines between.
  func gold(_ path: String) throws -> [[GoldAlignment]] {
    var lists: [[GoldAlignment]] = []
    var isOpen = false
    try TextLines(path).forEach { line, number in
      guard !line.allSatisfy(\.isWhitespace) else {
        isOpen = false
        return
      }
      if !isOpen { lists.append([]) }
      isOpen = true
      guard let alignment = GoldAlignment(line: line) else {
        throw CorpusError(
          .format, "the line is no alignment", expected: "[0, 1]:[0]",
          found: "'\(line.prefix(40))'",
          at: path, line: number)
      }
      guard lists.count <= documents.count else { return }
      let (source, target) = documents[lists.count - 1]
      for (list, document) in [(alignment.source, source), (alignment.target, target)] {
        guard let last = list.max(), last >= document.sentences.count else { continue }
        throw CorpusError(
          .format, "there is no sentence \(last) in \(document.file)",
          expected: "0 to \(document.sentences.count - 1)", found: "\(last)", at: path, line: number
        )
      }
      lists[lists.count - 1].append(alignment)
    }
    guard lists.count == documents.count else {
      throw CorpusError(
        .format, "the gold alignments do not belong to these documents",
        expected: "\(documents.count) with a blank line between", found: "\(lists.count)", at: path)
    }
    return lists
  }
}
