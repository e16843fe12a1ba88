// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads labelled text in the formats that people have.
///
/// | format | by name | what a line is |
/// |---|---|---|
/// | TSV | `.tsv` | fields between tabs, columns named by the first line |
/// | CSV | `.csv` | RFC 4180: commas, quotes, line breaks inside quotes |
/// | JSONL | `.jsonl` | an object |
/// | fastText | `.txt` | `__label__x` and text, or text alone |
public struct ExampleReader: Sendable {
  /// A format.
  public enum Format: String, Sendable, CaseIterable {
    /// Tab-separated values.
    case tsv
    /// Comma-separated values.
    case csv
    /// One JSON object a line.
    case jsonl
    /// fastText's labelled lines, or plain lines.
    case text
  }

  /// The column that holds the text; "text".
  public var textColumn = "text"
  /// The column that holds the label; "label" by default.
  ///
  /// Without one in the file, examples have no label.
  public var labelColumn = "label"
  /// The column that holds the language; "lang".
  public var languageColumn = "lang"
  /// Whether a file without the label column is an error.
  public var requiresLabel = true
  /// The format; told by the file's name when nil.
  public var format: Format?

  /// A reader of files with the usual columns.
  public init() {}

  /// All examples of a file; none at all is an error.
  public func read(_ path: String) throws -> [Example] {
    let lines = try TextLines(path)
    var examples: [Example] = []
    switch try format(of: path) {
    case .tsv: try readDelimited(lines, "\t", quotes: false) { examples.append($0) }
    case .csv: try readDelimited(lines, ",", quotes: true) { examples.append($0) }
    case .jsonl: try readObjects(lines) { examples.append($0) }
    case .text: try readText(lines) { examples.append($0) }
    }
    guard !examples.isEmpty else {
      throw CorpusError(.format, "the file has no examples in it", at: lines.name)
    }
    return examples
  }

  private func format(of path: String) throws(CorpusError) -> Format {
    if let format { return format }
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    switch (name as NSString).pathExtension.lowercased() {
    case "tsv": return .tsv
    case "csv": return .csv
    case "jsonl", "ndjson": return .jsonl
    case "txt", "text", "": return .text
    default:
      throw CorpusError(
        .format, "the name does not say the format; expected .tsv, .csv, .jsonl or .txt", at: path)
    }
  }

  // MARK: Delimited text

  private func readDelimited(
    _ lines: TextLines, _ delimiter: Unicode.Scalar, quotes: Bool, _ body: (Example) throws -> Void
  ) throws {
    var columns: Columns?
    var open: (text: String, line: Int)?
    try lines.forEach { line, number in
      let text = open.map { $0.text + "\n" + line } ?? line
      let start = open?.line ?? number
      let place = "\(lines.name):\(start)"
      guard let fields = Self.fields(text, delimiter, quotes: quotes) else {
        open = (text, start)
        guard text.utf8.count <= TextLines.lengthLimit else {
          throw CorpusError(.format, "a quote that opens here is never closed", at: place)
        }
        return
      }
      open = nil
      guard let columns else {
        columns = try Columns(fields, self, at: place)
        return
      }
      if fields == [""] { return }
      guard fields.count == columns.count else {
        throw CorpusError(
          .format, "expected \(columns.count) fields as in the header, found \(fields.count)",
          at: place)
      }
      try body(columns.example(fields))
    }
    if let open {
      throw CorpusError(
        .format, "a quote that opens here is never closed", at: "\(lines.name):\(open.line)")
    }
    guard columns != nil else { throw CorpusError(.format, "the file is empty", at: lines.name) }
  }

  /// The fields of a record; nil when a quote is still open at its end.
  static func fields(
    _ line: String, _ delimiter: Unicode.Scalar, quotes: Bool
  ) -> [String]? {
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    var scalars = line.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending {
      pending = scalars.next()
      if isQuoted {
        guard scalar == "\"" else {
          field.append(scalar)
          continue
        }
        if pending == "\"" {
          field.append("\"")
          pending = scalars.next()
        } else {
          isQuoted = false
        }
      } else if quotes, scalar == "\"", field.isEmpty {
        isQuoted = true
      } else if scalar == delimiter {
        fields.append(String(field))
        field = String.UnicodeScalarView()
      } else {
        field.append(scalar)
      }
    }
    guard !isQuoted else { return nil }
    return fields + [String(field)]
  }

  private struct Columns {
    let count: Int
    private let text: Int
    private let label: Int?
    private let language: Int?

    init(_ names: [String], _ reader: ExampleReader, at place: String) throws(CorpusError) {
      count = names.count
      func missing(_ name: String) -> CorpusError {
        CorpusError(
          .column, "there is no column '\(name)'; the header has \(names.joined(separator: ", "))",
          at: place)
      }
      guard let text = names.firstIndex(of: reader.textColumn) else {
        throw missing(reader.textColumn)
      }
      self.text = text
      label = names.firstIndex(of: reader.labelColumn)
      if label == nil, reader.requiresLabel { throw missing(reader.labelColumn) }
      language = names.firstIndex(of: reader.languageColumn)
    }

    func example(_ fields: [String]) -> Example {
      Example(
        text: fields[text], label: label.map { fields[$0] }, language: language.map { fields[$0] })
    }
  }

  // MARK: Objects

  private func readObjects(_ lines: TextLines, _ body: (Example) throws -> Void) throws {
    try lines.forEach { line, number in
      if line.isEmpty { return }
      let place = "\(lines.name):\(number)"
      guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      else { throw CorpusError(.format, "the line is not a JSON object", at: place) }
      func value(_ key: String, required: Bool) throws -> String? {
        guard let value = object[key], !(value is NSNull) else {
          guard required else { return nil }
          let found = object.keys.sorted().joined(separator: ", ")
          throw CorpusError(.column, "there is no key '\(key)'; the object has \(found)", at: place)
        }
        if let text = value as? String { return text }
        if let number = value as? NSNumber { return number.stringValue }
        throw CorpusError(.format, "the value of '\(key)' is not text", at: place)
      }
      try body(
        Example(
          text: try value(textColumn, required: true) ?? "",
          label: try value(labelColumn, required: requiresLabel),
          language: try value(languageColumn, required: false)))
    }
  }

  // MARK: fastText

  private func readText(_ lines: TextLines, _ body: (Example) throws -> Void) throws {
    try lines.forEach { line, number in
      if line.isEmpty { return }
      let place = "\(lines.name):\(number)"
      guard line.hasPrefix("__label__") else {
        guard !requiresLabel else {
          throw CorpusError(.format, "the line does not begin with __label__", at: place)
        }
        return try body(Example(text: line))
      }
      let parts = line.split(separator: " ", maxSplits: 1)
      let text = parts.count > 1 ? String(parts[1]) : ""
      guard !text.hasPrefix("__label__") else {
        throw CorpusError(
          .format, "the line has several labels; expected one class per text", at: place)
      }
      try body(Example(text: text, label: String(parts[0].dropFirst("__label__".count))))
    }
  }
}
