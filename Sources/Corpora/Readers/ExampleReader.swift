// SPDX-License-Identifier: Apache-2.0

/// Reads text, labelled or not, in the formats that people have.
///
/// Each format may be gzipped (`.tsv.gz`) and comes from a file or, as `-`, from standard input. Lines may
/// end in CRLF, a byte order mark is dropped, blank lines are passed over. Every mistake is an error with
/// the file and the line; nothing is repaired in silence.
public struct ExampleReader: Sendable {
  /// The column or key that holds the text; "text".
  public var textColumn = "text"
  /// The column or key that holds the second text of a pair; nil, the default, for text that is no pair.
  public var pairColumn: String?
  /// The column or key that holds the label; "label".
  public var labelColumn = "label"
  /// The column or key that holds the language; "lang", which may be absent.
  public var languageColumn = "lang"
  /// The column or key that holds the group; "group", which may be absent.
  public var groupColumn = "group"
  /// The column or key that holds the identifier; "id", which may be absent.
  public var identifierColumn = "id"
  /// Whether an example without a label is an error; true.
  public var requiresLabel = true
  /// The format; told by the file's name when nil.
  public var format: ExampleFormat?
  /// The longest line, or record of several lines, in bytes; 1 MiB.
  public var lengthLimit = TextLines.lengthLimit
  /// What becomes of lines that are not UTF-8 or too long; the first is an error.
  public var invalid = InvalidText.stop

  /// A reader of files with the usual columns.
  public init() {}

  /// Opens a file to take its examples one after another.
  ///
  /// - Throws: `CorpusError` where there is no such file, or its name does not tell the format.
  public func open(_ path: String) throws(CorpusError) -> ExampleStream {
    let format = if let format { format } else { try ExampleFormat(path: path) }
    if pairColumn != nil, format == .lines || format == .fastText {
      throw CorpusError(
        .format, "a file of this format has no place for a second text",
        expected: "a .tsv, .csv or .jsonl", at: path)
    }
    let lines = try TextLines(path, limit: lengthLimit, invalid: invalid).open()
    // Plain lines have no place for a label.
    return ExampleStream(
      lines, decoder(of: format), requiresLabel: requiresLabel && format != .lines,
      requiresPair: pairColumn != nil)
  }

  /// All examples of a file.
  ///
  /// - Throws: `CorpusError`, also where there is no example at all.
  public func read(_ path: String) throws(CorpusError) -> [Example] {
    let stream = try open(path)
    var examples: [Example] = []
    while let example = try stream.next() { examples.append(example) }
    return examples
  }

  private func decoder(of format: ExampleFormat) -> any ExampleDecoder {
    switch format {
    case .tsv: DelimitedDecoder(delimiter: UInt8(ascii: "\t"), quotes: false, reader: self)
    case .csv: DelimitedDecoder(delimiter: UInt8(ascii: ","), quotes: true, reader: self)
    case .jsonl: JSONLinesDecoder(reader: self)
    case .fastText: FastTextDecoder(requiresLabel: requiresLabel)
    case .lines: PlainLinesDecoder()
    }
  }
}
