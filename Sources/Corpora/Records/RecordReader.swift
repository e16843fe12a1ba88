// SPDX-License-Identifier: Apache-2.0

/// Takes records from a file, or from line-aligned files, one after another or many at a time.
public final class RecordReader {
  /// What errors call the first file.
  public var name: String { readers[0].name }
  /// The line that names the columns, where the file has one.
  public let header: [UInt8]?

  private let readers: [ByteLineReader]
  private let fields: RecordFields
  private let source: Int
  private let invalid: InvalidText
  /// Records that were dropped or mended so far.
  public private(set) var damage = DamageLog()

  /// Opens line-aligned files of text, as a source and its translation, or one file of any layout.
  ///
  /// - Parameters:
  ///   - paths: One file, or several whose lines belong together, which are then plain lines.
  ///   - layout: How the lines hold text.
  ///   - source: Which of the inputs it is, from 0, for records to know.
  ///   - invalid: What becomes of lines that cannot be read. Dropped ones are given out with their damage.
  ///   - limit: The longest line, in bytes.
  /// - Throws: `CorpusError` where a file is absent, or its header lacks a column.
  public init(
    _ paths: [String], layout: RecordLayout, source: Int = 0, invalid: InvalidText = .stop,
    limit: Int = TextLines.lengthLimit
  ) throws(CorpusError) {
    precondition(!paths.isEmpty && (paths.count == 1 || layout.kind == .lines))
    var readers: [ByteLineReader] = []
    for path in paths { readers.append(try TextLines(path, limit: limit).openBytes()) }
    self.readers = readers
    self.source = source
    self.invalid = invalid
    guard layout.hasHeader else {
      header = nil
      fields = try RecordFields(layout, header: nil, at: readers[0].name)
      return
    }
    guard case .bytes(let line)? = try readers[0].next() else {
      throw CorpusError(
        .format, "the file has no header", expected: "a first line that names the columns",
        at: readers[0].name)
    }
    header = line
    fields = try RecordFields(layout, header: line, at: readers[0].name)
  }

  /// The next record; nil at the end.
  ///
  /// - Throws: `CorpusError` with the file and line: where one of several files ends before another, and,
  ///   unless such lines are to be dropped, where a line cannot be read.
  ///
  /// Blank lines of a TSV or JSONL are passed over.
  public func next() throws(CorpusError) -> TextRecord? {
    while let record = try record() {
      if fields.isPlain || record.damage != nil || !record.lines[0].isEmpty { return record }
    }
    return nil
  }

  private func record() throws(CorpusError) -> TextRecord? {
    var lines: [[UInt8]] = []
    var problem: (damage: LineDamage, reader: Int)?
    for (index, reader) in readers.enumerated() {
      guard let line = try reader.next() else {
        guard index == 0 else { throw unaligned(shorter: reader, longer: readers[0]) }
        for other in readers.dropFirst() where try other.next() != nil {
          throw unaligned(shorter: reader, longer: other)
        }
        return nil
      }
      switch line {
      case .overlong(let length):
        problem = problem ?? (.overlong(length, limit: reader.limit), index)
        lines.append([])
      case .bytes(var bytes):
        if let offset = firstInvalidByte(of: bytes) {
          if invalid == .replace {
            damage.note(.invalid(offset), at: reader.name, line: reader.number)
            bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
          } else {
            problem = problem ?? (.invalid(offset), index)
          }
        }
        lines.append(bytes)
      }
    }
    var record = TextRecord(
      lines: lines, texts: [], source: source, number: readers[0].number, damage: problem?.damage)
    if problem == nil, fields.isPlain || !lines[0].isEmpty {
      do {
        record.texts = try fields.texts(of: lines, at: name, line: record.number)
      } catch {
        problem = (.malformed(error), 0)
        record.damage = problem?.damage
      }
    }
    if let problem {
      let reader = readers[problem.reader]
      guard invalid == .drop else {
        throw problem.damage.error(at: reader.name, line: reader.number)
      }
      damage.note(problem.damage, at: reader.name, line: reader.number)
    }
    return record
  }

  /// Up to so many records of together about so many bytes; empty at the end.
  public func nextBatch(
    records limit: Int = 1 << 14, bytes size: Int = 1 << 22
  ) throws(CorpusError) -> [TextRecord] {
    var batch: [TextRecord] = []
    var bytes = 0
    while batch.count < limit, bytes < size, let record = try next() {
      bytes += record.lines.reduce(0) { $0 + $1.count }
      batch.append(record)
    }
    return batch
  }

  /// The lines of a record with other texts in them.
  ///
  /// - Throws: `CorpusError.Code.format` where a text cannot stand in its place, as one with a tab in a TSV.
  public func replacing(
    _ texts: [[UInt8]], in record: TextRecord
  ) throws(CorpusError) -> [[UInt8]] {
    try fields.replacing(texts, in: record.lines, at: name, line: record.number)
  }

  private func unaligned(shorter: ByteLineReader, longer: ByteLineReader) -> CorpusError {
    CorpusError(
      .format, "the files are not aligned line by line",
      expected: "as many lines as in \(longer.name)", found: "the end after \(shorter.number)",
      hint: "pair the files anew", at: shorter.name, line: shorter.number)
  }
}
