// SPDX-License-Identifier: Apache-2.0

/// Examples from rows of fields, with columns named by the first row.
struct DelimitedDecoder: ExampleDecoder {
  private let delimiter: UInt8
  private let quotes: Bool
  private let reader: ExampleReader
  private var columns: DelimitedColumns?

  init(delimiter: UInt8, quotes: Bool, reader: ExampleReader) {
    self.delimiter = delimiter
    self.quotes = quotes
    self.reader = reader
  }

  mutating func next(_ lines: LineReader) throws(CorpusError) -> Example? {
    while let (fields, line) = try record(lines) {
      guard let columns else {
        columns = try DelimitedColumns(fields, reader, at: lines.name, line: line)
        continue
      }
      return try columns.example(fields, at: lines.name, line: line)
    }
    return nil
  }

  /// The next row that is not blank, and the line where it begins.
  private func record(_ lines: LineReader) throws(CorpusError) -> (fields: [String], line: Int)? {
    while let line = try lines.next() {
      if line.isEmpty { continue }
      let start = lines.number
      var record = DelimitedRecord(delimiter: delimiter, quotes: quotes)
      var isWhole = try record.append(line, at: lines.name, line: start)
      while !isWhole {
        guard record.length <= reader.lengthLimit, let more = try lines.next() else {
          throw CorpusError(
            .format, "a quote that opens in this row is never closed",
            hint: "close it; a quote inside a quoted field is written twice", at: lines.name,
            line: start)
        }
        isWhole = try record.append(more, at: lines.name, line: lines.number)
      }
      return (record.fields, start)
    }
    return nil
  }
}

/// Where a file's columns are.
struct DelimitedColumns {
  private let count: Int
  private let text: Int
  private let pair: Int?
  private let label: Int?
  private let language: Int?
  private let group: Int?
  private let identifier: Int?

  init(
    _ header: [String], _ reader: ExampleReader, at file: String, line: Int
  ) throws(CorpusError) {
    let names = header.map { $0.trimmingSpaces }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw CorpusError(
        .column, "the header has the column '\(name)' twice", hint: "rename one of them", at: file,
        line: line)
    }
    func column(_ name: String) throws(CorpusError) -> Int {
      guard let index = names.firstIndex(of: name) else {
        throw CorpusError(missing: name, among: names, at: file, line: line)
      }
      return index
    }
    count = names.count
    text = try column(reader.textColumn)
    if let name = reader.pairColumn { pair = try column(name) } else { pair = nil }
    label =
      try reader.requiresLabel
      ? column(reader.labelColumn) : names.firstIndex(of: reader.labelColumn)
    language = names.firstIndex(of: reader.languageColumn)
    group = names.firstIndex(of: reader.groupColumn)
    identifier = names.firstIndex(of: reader.identifierColumn)
  }

  func example(_ fields: [String], at file: String, line: Int) throws(CorpusError) -> Example {
    guard fields.count == count else {
      throw CorpusError(
        .format, "the row is ragged", expected: "\(count) fields as in the header",
        found: "\(fields.count)", at: file, line: line)
    }
    func field(_ column: Int?) -> String? {
      guard let column, !fields[column].isEmpty else { return nil }
      return fields[column]
    }
    return Example(
      text: fields[text], label: field(label), language: field(language), group: field(group),
      identifier: field(identifier), pair: field(pair))
  }
}
