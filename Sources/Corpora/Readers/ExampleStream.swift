// SPDX-License-Identifier: Apache-2.0

/// The examples of an open file, one after another.
public final class ExampleStream {
  private let lines: LineReader
  private var decoder: any ExampleDecoder
  private let requiresLabel: Bool
  private let requiresPair: Bool
  private var isEmpty = true

  init(
    _ lines: LineReader, _ decoder: any ExampleDecoder, requiresLabel: Bool,
    requiresPair: Bool = false
  ) {
    self.lines = lines
    self.requiresPair = requiresPair
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
    guard !requiresPair || !(example.pair ?? "").trimmingSpaces.isEmpty else {
      throw empty("second text")
    }
    guard !requiresLabel || !(example.label ?? "").isEmpty else { throw empty("label") }
    return example
  }

  /// The next example with the number that its label is, as judgements of similarity are; nil at the end.
  ///
  /// - Throws: `CorpusError` with the file and line, also where a label is no finite number.
  public func nextScored() throws(CorpusError) -> (example: Example, score: Double)? {
    guard let example = try next() else { return nil }
    guard let score = Double((example.label ?? "").trimmingSpaces), score.isFinite else {
      throw CorpusError(
        .format, "the score is no number", expected: "a number such as 3.5",
        found: "'\(example.label ?? "")'", at: name, line: line)
    }
    return (example, score)
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
