// SPDX-License-Identifier: Apache-2.0

/// How a file lays its examples out.
///
/// | format | by name | what a line is |
/// |---|---|---|
/// | TSV | `.tsv` | fields between tabs, columns named by the first line; quotes are text |
/// | CSV | `.csv` | RFC 4180: commas, quotes, line breaks inside quotes |
/// | JSONL | `.jsonl`, `.ndjson` | an object |
/// | fastText | `.txt`, `.text` | `__label__x` and text; text alone where no label is required |
/// | lines | (only when asked for) | a text |
public enum ExampleFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// Tab-separated values.
  case tsv
  /// Comma-separated values.
  case csv
  /// One JSON object a line.
  case jsonl
  /// fastText's labelled lines.
  case fastText = "fasttext"
  /// One text a line, taken as it is.
  case lines

  /// The format that a file's name tells.
  ///
  /// `.gz` at its end says nothing; `-` is one text a line.
  ///
  /// - Throws: `CorpusError.Code.format` where the name ends in nothing known.
  public init(path: String) throws(CorpusError) {
    if path == "-" {
      self = .lines
      return
    }
    var name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch name.split(separator: ".").last {
    case "tsv": self = .tsv
    case "csv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    case "txt", "text": self = .fastText
    default:
      throw CorpusError(
        .format, "the file's name does not tell its format",
        expected: ".tsv, .csv, .jsonl or .txt, or one of these with .gz",
        hint: "rename it, or name the format", at: path)
    }
  }
}
