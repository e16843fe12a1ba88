// SPDX-License-Identifier: Apache-2.0

/// How an inverted file is cut into lists, and how many of them are looked through.
///
/// Rows that are near one another are laid into one list; a row looks for its nearest only in the lists whose centres are nearest to it. What lies in
/// another list is missed. As many probes as lists find all, in about the time of an exact search.
public struct InvertedLists: Sendable, Hashable {
  /// Rows that the clusters of a list are found from, of as many as there are.
  static let trainingRows = 50
  /// Rows for each list that there must be: with fewer, centres are single rows.
  static let leastRows = 39

  /// Lists of a side; nil for four times the root of its number of rows.
  public var lists: Int?
  /// Lists that are looked through for each row.
  public var probes: Int

  /// An inverted file's settings.
  public init(lists: Int? = nil, probes: Int = 32) {
    self.lists = lists
    self.probes = probes
  }

  /// The lists of a side of so many rows: one for every 39 rows at most, and one at least.
  public func lists(for rows: Int) -> Int {
    let wanted = lists ?? Int(4 * Double(rows).squareRoot())
    return max(1, min(wanted, rows / Self.leastRows))
  }

  /// The lists that are looked through among those of a side of so many rows.
  public func probes(for rows: Int) -> Int { min(probes, lists(for: rows)) }

  /// What a side's index comes to, and what of the settings could not be had.
  public func description(for rows: Int, named name: String) -> String {
    let (count, probed) = (lists(for: rows), probes(for: rows))
    var text = "\(count) lists for \(rows) \(name), \(probed) of them looked through for each text"
    if let lists, lists > count {
      text += "; \(lists) lists need \(lists * Self.leastRows) texts, \(Self.leastRows) for each"
    }
    return text
  }
}
