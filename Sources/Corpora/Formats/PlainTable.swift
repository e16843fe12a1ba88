// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Rows and columns as plain text, for people.
public struct PlainTable: Sendable, Equatable {
  private var rows: [[String]]
  private let numeric: Set<Int>

  /// A table with a header.
  ///
  /// - Parameters:
  ///   - header: The columns' names.
  ///   - numeric: The columns that are set to the right.
  public init(_ header: [String], numeric: Set<Int> = []) {
    rows = [header]
    self.numeric = numeric
  }

  /// Adds a row with a cell for each column.
  public mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines, columns aligned by scalars, which is right for all but wide scripts.
  public var text: String {
    let widths = rows[0].indices.map { column in
      rows.map { Self.width($0[column]) }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - Self.width(cell))
        line += numeric.contains(column) ? space + cell : cell + space
        line += "  "
      }
      while line.utf8.last == UInt8(ascii: " ") { line.unicodeScalars.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// A number with so many places.
  public static func fixed(_ value: Double, places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  private static func width(_ cell: String) -> Int {
    cell.unicodeScalars.count { $0.properties.generalCategory != .nonspacingMark }
  }
}
