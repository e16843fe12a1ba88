// SPDX-License-Identifier: Apache-2.0

/// Neighbouring lines of a file, as bytes that nobody has looked into yet.
///
/// Lines end in a line feed and in nothing else: carriage returns, NULs and byte order marks are text.
public struct LineBlock: Sendable {
  /// What becomes of bytes that are not UTF-8.
  public enum Invalid: String, Sendable, CaseIterable {
    /// Each maximal ill-formed sequence becomes U+FFFD.
    case replace
    /// The line is an error.
    case stop
  }

  /// What errors call the file.
  public let file: String
  /// The number of the first line, from 1.
  public let firstLine: Int
  /// How many lines were read before it, of this file and all before.
  public let precedingLines: Int
  /// The lines with their line feeds; the last line of a file may lack its own.
  public let bytes: [UInt8]

  /// Lines of a file from a place on; without `precedingLines` the file counts as the first.
  public init(file: String, firstLine: Int, bytes: [UInt8], precedingLines: Int? = nil) {
    self.file = file
    self.firstLine = firstLine
    self.precedingLines = precedingLines ?? firstLine - 1
    self.bytes = bytes
  }

  /// Calls `body` with each line, without its line feed, and its number.
  ///
  /// - Throws: `CorpusError.Code.encoding` naming file and line where a line is not UTF-8 and `invalid` is
  ///   ``Invalid/stop``; what `body` throws.
  public func forEachLine(invalid: Invalid, _ body: (String, Int) throws -> Void) throws {
    var number = firstLine
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = bytes[start..<end]
      if let text = String(validating: line, as: UTF8.self) {
        try body(text, number)
      } else if invalid == .replace {
        try body(String(decoding: line, as: UTF8.self), number)
      } else {
        throw CorpusError(
          .encoding, "the line is not valid UTF-8",
          hint: "convert the file, for example with iconv, or ask for invalid bytes to be replaced",
          at: file, line: number)
      }
      number += 1
      start = end + 1
    }
  }
}
