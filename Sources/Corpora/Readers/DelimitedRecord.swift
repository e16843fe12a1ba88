// SPDX-License-Identifier: Apache-2.0

/// A row of delimited text that is put together from one line or, inside quotes, from several.
///
/// Without quotes every delimiter parts two fields (the TSV of the field, in which a quote is text). With
/// them it is RFC 4180; a quote inside a field that did not begin with one is text too.
struct DelimitedRecord {
  /// The fields so far; complete when `append` said so.
  private(set) var fields: [String] = []
  /// The row's length so far, in bytes.
  private(set) var length = 0

  private enum State { case plain, quoted, closed }

  private let delimiter: UInt8
  private let quotes: Bool
  private var field: [UInt8] = []
  private var state = State.plain

  init(delimiter: UInt8, quotes: Bool) {
    self.delimiter = delimiter
    self.quotes = quotes
  }

  /// Takes a line in and says whether the row is whole.
  mutating func append(
    _ line: String, at file: String, line number: Int
  ) throws(CorpusError) -> Bool {
    if state == .quoted { field.append(UInt8(ascii: "\n")) }
    length += line.utf8.count + 1
    for byte in line.utf8 {
      let isQuote = quotes && byte == UInt8(ascii: "\"")
      switch state {
      case .quoted:
        if isQuote { state = .closed } else { field.append(byte) }
      case .closed where isQuote:
        field.append(byte)
        state = .quoted
      case .plain where isQuote && field.isEmpty:
        state = .quoted
      case .plain, .closed:
        if byte == delimiter {
          endField()
        } else if state == .closed {
          throw CorpusError(
            .format, "a field goes on after its closing quote", expected: "a comma",
            hint: "a quote inside a quoted field is written twice", at: file, line: number)
        } else {
          field.append(byte)
        }
      }
    }
    guard state != .quoted else { return false }
    endField()
    return true
  }

  private mutating func endField() {
    fields.append(String(decoding: field, as: UTF8.self))
    field.removeAll(keepingCapacity: true)
    state = .plain
  }
}
