// SPDX-License-Identifier: Apache-2.0

/// How the lines of a file hold text: as it is, in columns, or under keys.
public struct RecordLayout: Sendable, Equatable {
  /// A kind of line.
  public enum Kind: String, Sendable, CaseIterable {
    /// The whole line is the text.
    case lines
    /// Fields between tabs.
    case tsv
    /// A JSON object.
    case jsonl
  }

  /// The kind of line.
  public var kind: Kind
  /// The columns or keys that hold text: names, or for TSV without a header numbers from 1.
  public var fields: [String]
  /// Whether the first line of a TSV names its columns.
  public var hasHeader: Bool

  /// A layout.
  ///
  /// - Parameters:
  ///   - kind: The kind of line.
  ///   - fields: The columns or keys that hold text; "text" where none is named.
  ///   - hasHeader: Whether the first line of a TSV names its columns; by default it does unless all columns
  ///     are given by number.
  public init(_ kind: Kind, fields: [String] = [], hasHeader: Bool? = nil) {
    self.kind = kind
    self.fields = kind == .lines ? [] : fields.isEmpty ? ["text"] : fields
    self.hasHeader =
      kind == .tsv && (hasHeader ?? !self.fields.allSatisfy { Int($0) != nil })
  }

  /// The layout that a file's name tells: `.tsv` and `.jsonl` (or `.ndjson`), also with `.gz`; anything else
  /// is lines of text, unless fields are named, which only a TSV or JSONL has.
  ///
  /// - Throws: `CorpusError.Code.format` for `.csv`, whose records are not lines.
  public init(path: String, fields: [String] = [], hasHeader: Bool? = nil) throws(CorpusError) {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".csv") {
      throw CorpusError(
        .format, "a CSV's records may run over several lines, and are not taken here",
        expected: "lines of text, .tsv or .jsonl", hint: "write it as TSV or JSONL", at: path)
    }
    let isJSON = name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
    let isTSV = name.hasSuffix(".tsv") || (!isJSON && !fields.isEmpty)
    self.init(isJSON ? .jsonl : isTSV ? .tsv : .lines, fields: fields, hasHeader: hasHeader)
  }

  /// How many texts a line holds.
  public var textCount: Int { max(1, fields.count) }
}
