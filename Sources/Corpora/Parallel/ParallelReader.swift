// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads texts that say the same in two languages, in the formats that people have.
///
/// | name | what is in it |
/// |---|---|
/// | `.tsv`, `.csv`, `.jsonl` | columns or keys `source` and `target`, `lang` and `score` where they are there |
/// | `.txt` | `source ||| target` on a line, or two fields with a tab or a space between, as in dictionaries |
/// | `.tmx` | a translation memory (TMX 1.4b) |
/// | `.po`, `.mo` | a gettext catalogue: what was translated and how |
/// | two files | line n of the one says what line n of the other says |
///
/// All but `.mo` may be gzipped. Entries that have only one text, as in catalogues that are not translated to the end, are passed over.
public struct ParallelReader: Sendable {
  /// The column or key of the source's text; "source".
  public var sourceColumn = "source"
  /// The column or key of the target's text; "target".
  public var targetColumn = "target"
  /// The column or key of the target's language; "lang", which may be absent.
  public var languageColumn = "lang"
  /// The column or key of the pair's score; "score", which may be absent.
  public var scoreColumn = "score"
  /// The source's language in translation memories; "en".
  public var sourceLanguage = "en"
  /// The target's language in translation memories; nil takes all.
  public var targetLanguage: String?

  /// A reader with the usual columns.
  public init() {}

  /// The pairs of a file, or of two files whose lines belong together.
  ///
  /// - Parameters:
  ///   - path: the file, of sources alone where `targets` is given.
  ///   - targets: a file with a line for each line of the other.
  /// - Throws: `CorpusError` with file and line.
  public func read(_ path: String, targets: String? = nil) throws -> [ParallelText] {
    if let targets { return try lines(path, targets) }
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch name.split(separator: ".").last {
    case "mo": return try GettextCatalogue(contentsOf: path).pairs
    case "po": return try GettextSource(path).pairs()
    case "tmx":
      return try TranslationMemory(path, source: sourceLanguage, target: targetLanguage).pairs()
    case "tsv", "csv", "jsonl", "ndjson": return try table(path)
    case "txt", "text": return try fields(path)
    default:
      throw CorpusError(
        .format, "the file's name does not tell its format",
        expected: ".tsv, .csv, .jsonl, .txt, .tmx, .po or .mo, or two files with a comma between",
        at: path)
    }
  }

  private func table(_ path: String) throws -> [ParallelText] {
    var reader = ExampleReader()
    reader.textColumn = sourceColumn
    reader.pairColumn = targetColumn
    reader.languageColumn = languageColumn
    // A score is read where an example has its label.
    reader.labelColumn = scoreColumn
    reader.requiresLabel = false
    let stream = try reader.open(path)
    var result: [ParallelText] = []
    while let example = try stream.next() {
      let written = example.label.flatMap { $0.isEmpty ? nil : $0 }
      let score = written.flatMap { Double($0) }
      guard written == nil || score?.isFinite == true else {
        throw CorpusError(
          .format, "the score is no number", expected: "a number in '\(scoreColumn)'",
          found: "'\(written ?? "")'", at: path, line: stream.line)
      }
      result.append(
        ParallelText(
          example.text, example.pair ?? "", language: example.language, score: score,
          place: stream.line))
    }
    return result
  }

  /// `a ||| b`, `a<tab>b`, or `a b` where neither has a space in it.
  private func fields(_ path: String) throws -> [ParallelText] {
    var result: [ParallelText] = []
    try TextLines(path).forEach { line, number in
      guard !line.allSatisfy(\.isWhitespace) else { return }
      var parts = line.components(separatedBy: "|||")
      if parts.count == 1 { parts = line.components(separatedBy: "\t") }
      if parts.count == 1 { parts = line.components(separatedBy: " ") }
      guard parts.count == 2 else {
        throw CorpusError(
          .format, "the line is no pair",
          expected: "'source ||| target', or two fields with a tab between",
          found: "\(parts.count) fields", at: path, line: number)
      }
      let texts = parts.map { $0.trimmingCharacters(in: .whitespaces) }
      guard !texts[0].isEmpty, !texts[1].isEmpty else { return }
      result.append(ParallelText(texts[0], texts[1], place: number))
    }
    return result
  }

  private func lines(_ path: String, _ targets: String) throws -> [ParallelText] {
    let (first, second) = (try TextLines(path).open(), try TextLines(targets).open())
    var result: [ParallelText] = []
    while true {
      switch (try first.next(), try second.next()) {
      case (let source?, let target?):
        let isEmpty = source.allSatisfy(\.isWhitespace) || target.allSatisfy(\.isWhitespace)
        if !isEmpty { result.append(ParallelText(source, target, place: first.number)) }
      case (nil, nil): return result
      case (let source, _):
        let (short, long) = source == nil ? (path, targets) : (targets, path)
        throw CorpusError(
          .format, "the two files do not have the same number of lines",
          expected: "a line for each line of \(long)", found: "no more lines", at: short,
          line: min(first.number, second.number) + 1)
      }
    }
  }
}
