// SPDX-License-Identifier: Apache-2.0

/// Lines that say the same in two languages: a table with the columns `source` and `target`, tab-separated.
public struct ParallelTable: Sendable {
  private let path: String

  /// A table at a path; `.gz` is read as it is.
  public init(_ path: String) { self.path = path }

  /// Calls `body` with the two texts of each line.
  ///
  /// - Throws: `CorpusError` where the first line does not name both columns or a line has too few fields, and what `body` throws.
  public func forEach(_ body: (String, String) throws -> Void) throws {
    var places: (Int, Int)?
    try TextLines(path).forEach { line, number in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard let (first, second) = places else {
        guard let first = fields.firstIndex(of: "source"),
          let second = fields.firstIndex(of: "target")
        else {
          throw CorpusError(
            .format, "the first line names no columns",
            expected: "source and target, a tab between",
            at: path, line: number)
        }
        places = (first, second)
        return
      }
      guard fields.count > max(first, second) else {
        throw CorpusError(
          .format, "the line has too few fields", expected: "\(max(first, second) + 1)",
          found: "\(fields.count)", at: path, line: number)
      }
      try body(String(fields[first]), String(fields[second]))
    }
  }
}
