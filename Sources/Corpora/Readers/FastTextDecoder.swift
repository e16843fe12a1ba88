// SPDX-License-Identifier: Apache-2.0

/// Examples from fastText's lines: `__label__x` and the text.
///
/// A line with several labels is an error: one text has one class here.
struct FastTextDecoder: ExampleDecoder {
  private static let prefix = "__label__"

  let requiresLabel: Bool

  mutating func next(_ lines: LineReader) throws(CorpusError) -> Example? {
    while let line = try lines.next() {
      let text = line.trimmingSpaces
      if text.isEmpty { continue }
      guard text.hasPrefix(Self.prefix) else {
        guard !requiresLabel else {
          throw CorpusError(
            .format, "the line has no label", expected: "__label__ and its name, then the text",
            at: lines.name, line: lines.number)
        }
        return Example(text: line)
      }
      let parts = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
      let label = parts[0].dropFirst(Self.prefix.count)
      let rest = parts.count > 1 ? String(parts[1]).trimmingSpaces : ""
      guard !label.isEmpty else {
        throw CorpusError(.format, "the label has no name", at: lines.name, line: lines.number)
      }
      guard !rest.hasPrefix(Self.prefix) else {
        throw CorpusError(
          .format, "the line has several labels", expected: "one class a text",
          hint: "keep one label, or write a line for each", at: lines.name, line: lines.number)
      }
      return Example(text: rest, label: String(label))
    }
    return nil
  }
}

/// Texts, one a line.
struct PlainLinesDecoder: ExampleDecoder {
  mutating func next(_ lines: LineReader) throws(CorpusError) -> Example? {
    while let line = try lines.next() {
      if !line.trimmingSpaces.isEmpty { return Example(text: line) }
    }
    return nil
  }
}
