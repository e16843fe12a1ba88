// SPDX-License-Identifier: Apache-2.0

/// What filters removed, and why.
public struct CleaningReport: Sendable, Codable, Equatable {
  /// A record that was removed.
  public struct Removal: Sendable, Codable, Equatable {
    /// The filter.
    public var filter: String
    /// Why.
    public var reason: String
    /// Where it was, "file:line".
    public var place: String
    /// Its texts, cut at 200 scalars.
    public var texts: [String]
  }

  /// What one filter removed.
  public struct Filter: Sendable, Codable, Equatable {
    /// The filter's name.
    public var name: String
    /// How many records.
    public var removed: Int
    /// The first ones.
    public var examples: [Removal]
  }

  /// How many records were read.
  public var read = 0
  /// How many were kept.
  public var kept = 0
  /// How many bytes were read.
  public var bytes = 0
  /// The filters in the order in which they judged; the first that objects takes the record.
  public var filters: [Filter]

  init(names: [String]) {
    filters = names.map { Filter(name: $0, removed: 0, examples: []) }
  }

  mutating func note(_ removal: Removal, examples limit: Int) {
    guard let index = filters.firstIndex(where: { $0.name == removal.filter }) else { return }
    filters[index].removed += 1
    if filters[index].examples.count < limit { filters[index].examples.append(removal) }
  }

  /// The counts as a table, with the first example of each filter.
  public var table: PlainTable {
    var table = PlainTable(["filter", "removed", "%", "for example"], numeric: [1, 2])
    func share(_ count: Int) -> String {
      PlainTable.fixed(100 * Double(count) / Double(max(1, read)), places: 2)
    }
    for filter in filters {
      let example = filter.examples.first.map { "\($0.place): \($0.reason)" } ?? ""
      table.append([filter.name, "\(filter.removed)", share(filter.removed), example])
    }
    table.append(["kept", "\(kept)", share(kept), "of \(read)"])
    return table
  }
}
