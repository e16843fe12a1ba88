// SPDX-License-Identifier: Apache-2.0

extension CorpusDescriber {
  /// Where the language, dialect and domain of a file's texts are told.
  public struct Columns: Sendable {
    /// The column or key of the dialect; "dialect", which may be absent.
    public var dialect = "dialect"
    /// The column or key of the domain or register; "domain", which may be absent.
    public var domain = "domain"

    /// The usual columns.
    public init() {}
  }

  /// Counts the texts of a file.
  ///
  /// - Parameters:
  ///   - path: The file; "-" is standard input.
  ///   - reader: How its examples are read: its columns for the text, the label and the language.
  ///   - columns: The columns for the rest.
  ///   - language: The language where the file has no column for it.
  ///   - threads: Threads to count with.
  /// - Returns: The lines that were dropped or mended.
  /// - Throws: `CorpusError` where the file cannot be read, with the line.
  public mutating func add(
    file path: String, reader: ExampleReader, columns: Columns = Columns(), language: String?,
    threads: Int = 1
  ) throws(CorpusError) -> DamageLog {
    var reader = reader
    reader.requiresLabel = false
    // An example has no dialect or domain of its own; the columns of the group and the name stand in.
    reader.groupColumn = columns.domain
    reader.identifierColumn = columns.dialect
    let stream = try reader.open(path)
    begin(file: stream.name)
    var batch: [Text] = []
    var bytes = 0
    while let example = try stream.next() {
      batch.append(
        Text(
          example.text, label: example.label, language: example.language ?? language ?? "und",
          dialect: example.identifier, domain: example.group, line: stream.line))
      bytes += example.text.utf8.count
      if batch.count == 1 << 13 || bytes > 1 << 22 {
        add(batch, threads: threads)
        (batch, bytes) = ([], 0)
      }
    }
    add(batch, threads: threads)
    return stream.damage
  }
}
