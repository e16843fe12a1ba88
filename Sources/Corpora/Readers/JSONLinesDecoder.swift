// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Examples from one JSON object a line.
///
/// A value is text, or a number or truth value, which is taken as it is written; `null` is as if absent.
struct JSONLinesDecoder: ExampleDecoder {
  private let reader: ExampleReader
  private let decoder = JSONDecoder()

  init(reader: ExampleReader) {
    self.reader = reader
  }

  mutating func next(_ lines: LineReader) throws(CorpusError) -> Example? {
    while let line = try lines.next() {
      if line.trimmingSpaces.isEmpty { continue }
      guard let object = try? decoder.decode([String: JSONScalar].self, from: Data(line.utf8))
      else {
        throw CorpusError(
          .format, "the line is not a JSON object",
          hint: "write one object a line, as {\"text\": \"…\", \"label\": \"…\"}", at: lines.name,
          line: lines.number)
      }
      return try example(object, lines)
    }
    return nil
  }

  private func example(
    _ object: [String: JSONScalar], _ lines: LineReader
  ) throws(CorpusError) -> Example {
    func value(_ key: String, required: Bool = false) throws(CorpusError) -> String? {
      switch object[key] {
      case .text(let text)?: return text
      case .other(let kind)?:
        throw CorpusError(
          .format, "the value of '\(key)' is not text", found: kind, at: lines.name,
          line: lines.number)
      case .null?, nil:
        guard required else { return nil }
        throw CorpusError(
          missing: key, among: object.keys.sorted(), called: "key", at: lines.name,
          line: lines.number)
      }
    }
    var pair: String?
    if let name = reader.pairColumn { pair = try value(name, required: true) }
    return Example(
      text: try value(reader.textColumn, required: true) ?? "",
      label: try value(reader.labelColumn, required: reader.requiresLabel),
      language: try value(reader.languageColumn), group: try value(reader.groupColumn),
      identifier: try value(reader.identifierColumn), pair: pair)
  }
}

/// A JSON value, as far as a field of an example can be one.
private enum JSONScalar: Decodable {
  case text(String)
  case null
  case other(String)

  init(from decoder: any Decoder) throws {
    guard let container = try? decoder.singleValueContainer() else {
      self = .other("a list or an object")
      return
    }
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let truth = try? container.decode(Bool.self) {
      self = .text(truth ? "true" : "false")
    } else if let number = try? container.decode(Int64.self) {
      self = .text(String(number))
    } else if let number = try? container.decode(Double.self) {
      self = .text(String(number))
    } else {
      self = .other("a list or an object")
    }
  }
}
