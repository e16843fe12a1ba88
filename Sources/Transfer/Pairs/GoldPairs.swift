// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual

/// Pairs of lines that are known to say the same.
public struct GoldPairs: Sendable {
  /// The pairs, as places among the texts of both sides.
  public private(set) var pairs: Set<MiningScore.Place> = []
  /// Pairs of which a line takes no part: blank, or the same on both sides.
  public private(set) var leftOut = 0

  /// Reads a table: the line of the source and that of the target, from 1, a tab between; more columns are passed over.
  ///
  /// A first line that begins with no digit names columns, among them `source_line` and `target_line`, as `koine mine` writes them.
  ///
  /// - Throws: `CorpusError` where a line has no such numbers, or names lines that are not there.
  public init(_ path: String, source: MiningTexts, target: MiningTexts) throws {
    var columns = (0, 1)
    try TextLines(path).forEach { line, number in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if number == 1, !(line.utf8.first.map { (48...57).contains($0) } ?? false) {
        guard let first = fields.firstIndex(of: "source_line"),
          let second = fields.firstIndex(of: "target_line")
        else {
          throw CorpusError(
            .format, "the table does not say which lines belong together",
            expected: "two numbers with a tab between, or columns source_line and target_line",
            at: path, line: number)
        }
        columns = (first, second)
        return
      }
      guard fields.count > max(columns.0, columns.1), let first = Int(fields[columns.0]),
        let second = Int(fields[columns.1])
      else {
        throw CorpusError(
          .format, "the line does not say which lines belong together",
          expected: "two numbers with a tab between", found: "'\(line.prefix(40))'", at: path,
          line: number)
      }
      guard let left = try source.place(ofLine: first, at: path, number),
        let right = try target.place(ofLine: second, at: path, number)
      else {
        leftOut += 1
        return
      }
      pairs.insert(.init(left, right))
    }
    guard !pairs.isEmpty else {
      throw CorpusError(.format, "the file names no pairs of lines that take part", at: path)
    }
  }
}
