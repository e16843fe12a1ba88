// SPDX-License-Identifier: Apache-2.0

/// The examples of an open file, one after another.
public final class ExampleStream {
  private let lines: LineReader
  private var decoder: any ExampleDecoder
  private let requiresLabel: Bool
  private var isEmpty = true

  init(_ lines: LineReader, _ decoder: any ExampleDecoder, requiresLabel: Bool) {
    self.lines = lines
    self.requiresLabel = requiresLabel
    self.decoder = decoder
  }

  /// What errors call the file.
  public var name: String { lines.name }
  /// The number of the line that was read last, from 1.
  public var line: Int { lines.number }
  /// The lines that were dropped or mended so far.
  public var damage: DamageLog { lines.damage }

  /// The next example; nil at the end.
  ///
  /// - Throws: `CorpusError` with the file and line, also where the end comes before any example.
  public func next() throws(CorpusError) -> Example? {
    guard let example = try decoder.next(lines) else {
      guard isEmpty else { return nil }
      throw CorpusError(
        .format, line == 0 ? "the file is empty" : "the file has no examples in it",
        expected: "at least one example", at: name)
    }
    isEmpty = false
    guard !example.text.trimmingSpaces.isEmpty else { throw empty("text") }
    guard !requiresLabel || !(example.label ?? "").isEmpty else { throw empty("label") }
    return example
  }

  private func empty(_ part: String) -> CorpusError {
    CorpusError(
      .format, "the \(part) is empty", hint: "fill it, or remove the line", at: name, line: line)
  }
}

/// Takes examples from lines, in one format.
protocol ExampleDecoder {
  /// The next example; nil at the end of the lines.
  mutating func next(_ lines: LineReader) throws(CorpusError) -> Example?
}
