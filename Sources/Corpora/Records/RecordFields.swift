// SPDX-License-Identifier: Apache-2.0

/// Where in a line the texts are, once the header is known.
enum RecordFields: Sendable {
  case lines
  /// Columns from 0; how many a row has, where a header says so.
  case columns([Int], count: Int?)
  case keys(JSONFields)

  init(_ layout: RecordLayout, header: [UInt8]?, at file: String) throws(CorpusError) {
    switch layout.kind {
    case .lines: self = .lines
    case .jsonl: self = .keys(JSONFields(layout.fields))
    case .tsv:
      let names = header?.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self).trimmingSpaces }
      var columns: [Int] = []
      for field in layout.fields {
        if let index = names?.firstIndex(of: field) {
          columns.append(index)
        } else if let number = Int(field), number > 0, number <= names?.count ?? .max {
          columns.append(number - 1)
        } else if let names {
          throw CorpusError(missing: field, among: names, at: file, line: 1)
        } else {
          throw CorpusError(
            .column, "a column of a TSV without a header is a number from 1", found: "'\(field)'",
            at: file)
        }
      }
      self = .columns(columns, count: names?.count)
    }
  }

  /// Whether whole lines are texts.
  var isPlain: Bool {
    if case .lines = self { true } else { false }
  }

  func texts(
    of lines: [[UInt8]], at file: String, line number: Int
  ) throws(CorpusError) -> [[UInt8]] {
    switch self {
    case .lines: return lines
    case .columns(let columns, let count):
      let ranges = try Self.fields(of: lines[0], columns, count, at: file, line: number)
      return columns.map { Array(lines[0][ranges[$0]]) }
    case .keys(let fields):
      do {
        return try fields.values(in: lines[0]).map(\.text)
      } catch {
        throw Self.error(error, fields, at: file, line: number)
      }
    }
  }

  func replacing(
    _ texts: [[UInt8]], in lines: [[UInt8]], at file: String, line number: Int
  ) throws(CorpusError) -> [[UInt8]] {
    switch self {
    case .lines:
      for text in texts where text.contains(UInt8(ascii: "\n")) {
        throw CorpusError(
          .format, "the text would hold a line break", hint: "write .jsonl, or use the step spaces",
          at: file, line: number)
      }
      return texts
    case .columns(let columns, let count):
      let ranges = try Self.fields(of: lines[0], columns, count, at: file, line: number)
      var row: [UInt8] = []
      for (index, range) in ranges.enumerated() {
        if index > 0 { row.append(UInt8(ascii: "\t")) }
        let text = columns.firstIndex(of: index).map { texts[$0][...] } ?? lines[0][range]
        guard !text.contains(where: { $0 == 0x09 || $0 == 0x0a }) else {
          throw CorpusError(
            .format, "the text would hold a tab or a line break, which a TSV cannot",
            hint: "write .jsonl, or use the step spaces", at: file, line: number)
        }
        row += text
      }
      return [row]
    case .keys(let fields):
      do {
        return [try fields.replacing(texts, in: lines[0])]
      } catch {
        throw Self.error(error, fields, at: file, line: number)
      }
    }
  }

  private static func fields(
    of line: [UInt8], _ columns: [Int], _ count: Int?, at file: String, line number: Int
  ) throws(CorpusError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for (index, byte) in line.enumerated() where byte == UInt8(ascii: "\t") {
      ranges.append(start..<index)
      start = index + 1
    }
    ranges.append(start..<line.count)
    if let count, ranges.count != count {
      throw CorpusError(
        .format, "the row is ragged", expected: "\(count) fields as in the header",
        found: "\(ranges.count)", at: file, line: number)
    }
    let last = columns.max() ?? 0
    guard last < ranges.count else {
      throw CorpusError(
        .format, "the row has no column \(last + 1)", found: "\(ranges.count) fields", at: file,
        line: number)
    }
    return ranges
  }

  private static func error(
    _ problem: JSONFields.Problem, _ fields: JSONFields, at file: String, line: Int
  ) -> CorpusError {
    func name(_ key: Int) -> String { String(decoding: fields.keys[key], as: UTF8.self) }
    return switch problem {
    case .notAnObject:
      CorpusError(
        .format, "the line is not a JSON object",
        hint: "write one object a line, as {\"text\": \"…\"}", at: file, line: line)
    case .missing(let key, let names):
      CorpusError(missing: name(key), among: names, called: "key", at: file, line: line)
    case .notText(let key):
      CorpusError(
        .format, "the value of '\(name(key))' is not text", at: file, line: line)
    }
  }
}
