// SPDX-License-Identifier: Apache-2.0

/// A file of paragraphs of `Field: value` lines, as Debian's `Packages` and `Translation-xx` are (Debian
/// Policy 5.1).
struct ControlFile {
  /// A paragraph's fields that were asked for; values of several lines keep their line breaks.
  typealias Paragraph = [String: String]

  private let lines: LineReader
  private let wanted: Set<String>

  /// Opens a file to read some fields of each paragraph.
  init(_ path: String, fields: Set<String>) throws(CorpusError) {
    lines = try TextLines(path).open()
    wanted = fields
  }

  /// The next paragraph; nil at the end.
  ///
  /// - Throws: `CorpusError.Code.format` where a line is neither a field nor the continuation of one.
  func next() throws(CorpusError) -> Paragraph? {
    var paragraph: Paragraph = [:]
    var field: String?
    var isOpen = false
    while let line = try lines.next() {
      guard let first = line.utf8.first else {
        if isOpen { return paragraph }
        continue
      }
      if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), isOpen {
        if let field { paragraph[field]? += "\n" + line.dropFirst() }
        continue
      }
      guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), first != UInt8(ascii: " ")
      else {
        throw CorpusError(
          .format, "the line is no part of a paragraph", expected: "Field: value",
          hint: "remove Koine's cache of package lists", at: lines.name, line: lines.number)
      }
      isOpen = true
      let name = String(line[..<colon])
      field = wanted.contains(name) ? name : nil
      if let field { paragraph[field] = line[colon...].dropFirst().trimmingSpaces }
    }
    return isOpen ? paragraph : nil
  }
}
