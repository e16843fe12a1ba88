// SPDX-License-Identifier: Apache-2.0

/// An open file of text, from which lines are taken one after another.
public final class LineReader {
  private let bytes: ByteLineReader
  private let invalid: InvalidText
  /// What was wrong with lines that were dropped or mended.
  public private(set) var damage = DamageLog()

  init(_ lines: TextLines) throws(CorpusError) {
    bytes = try ByteLineReader(lines)
    invalid = lines.invalid
  }

  /// What errors call the file.
  public var name: String { bytes.name }
  /// The number of the line that was taken last, from 1.
  public var number: Int { bytes.number }

  /// The next line; nil at the end.
  ///
  /// - Throws: unless told to drop or mend such lines, `.encoding` where it is not UTF-8 and `.length` where
  ///   it is longer than the limit; `.file` where reading fails, `.format` where a `.gz` is damaged; each
  ///   names the line.
  public func next() throws(CorpusError) -> String? {
    while let line = try bytes.next() {
      let problem: LineDamage
      switch line {
      case .bytes(let line):
        if let text = String(validating: line, as: UTF8.self) { return text }
        problem = .invalid(firstInvalidByte(of: line) ?? 0)
        if invalid == .replace {
          damage.note(problem, at: name, line: number)
          return String(decoding: line, as: UTF8.self)
        }
      case .overlong(let length):
        problem = .overlong(length, limit: bytes.limit)
      }
      guard invalid == .drop else { throw problem.error(at: name, line: number) }
      damage.note(problem, at: name, line: number)
    }
    return nil
  }

  /// Whether a whole line is at hand without waiting for more.
  var hasLine: Bool { bytes.hasLine }
}
