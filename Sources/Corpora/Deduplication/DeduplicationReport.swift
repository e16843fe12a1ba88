// SPDX-License-Identifier: Apache-2.0

/// What was removed as a copy, and of what.
public struct DeduplicationReport: Sendable, Codable, Equatable {
  /// A line that was removed.
  public struct Removal: Sendable, Codable, Equatable {
    /// Where it was, "file:line".
    public var place: String
    /// Where the line is that it copies.
    public var original: String
    /// How alike they are: 1 for equal texts, else the estimate of the Jaccard coefficient.
    public var likeness: Double
    /// What the removed line says, cut at 200 scalars.
    public var text: String
  }

  /// A line with copies.
  public struct Group: Sendable, Codable, Equatable {
    /// Where the line is, "file:line".
    public var original: String
    /// How many copies of it were removed.
    public var copies: Int
    /// What one of its copies says, cut at 200 scalars.
    public var text: String
  }

  /// How many lines were read.
  public var read = 0
  /// How many were kept.
  public var kept = 0
  /// How many were removed.
  public var removed = 0
  /// How many lines have copies.
  public var groups = 0
  /// How often the tables had to be filled.
  public var passes = 0
  /// The lines with most copies, at most ten.
  public var largest: [Group] = []
  /// The first lines that were removed.
  public var examples: [Removal] = []
  /// Lines that could not be read: how many.
  public var unreadable = 0
  /// The first of them, with what is wrong.
  public var unreadablePlaces: [String] = []

  /// The counts, groups and examples as tables.
  public var text: String {
    var counts = PlainTable(
      ["read", "kept", "removed", "%", "groups", "passes"], numeric: Set(0...5))
    let share = PlainTable.fixed(100 * Double(removed) / Double(max(1, read)), places: 2)
    counts.append(["\(read)", "\(kept)", "\(removed)", share, "\(groups)", "\(passes)"])
    var text = counts.text
    if !largest.isEmpty {
      var table = PlainTable(["copies", "of", "text"], numeric: [0])
      for group in largest { table.append(["\(group.copies)", group.original, short(group.text)]) }
      text += "\n" + table.text
    }
    if !examples.isEmpty {
      var table = PlainTable(["removed", "is", "like", "text"], numeric: [1])
      for removal in examples {
        table.append([
          removal.place, PlainTable.fixed(removal.likeness, places: 2), removal.original,
          short(removal.text),
        ])
      }
      text += "\n" + table.text
    }
    return text
  }

  private func short(_ text: String) -> String { TextCleaner.cut(Array(text.utf8), to: 60) }
}

/// The groups with most copies, kept in bounded room while copies are counted.
struct LargestGroups {
  private static let limit = 64

  private var entries: [(place: RecordPlace, copies: Int, text: String)] = []

  mutating func note(_ place: RecordPlace, copies: Int, line: [UInt8]) {
    if let index = entries.firstIndex(where: { $0.place == place }) {
      entries[index].copies = copies
      return
    }
    let entry = (place, copies, TextCleaner.cut(line))
    guard entries.count == Self.limit else {
      entries.append(entry)
      return
    }
    let least = entries.indices.min {
      (entries[$0].copies, entries[$1].place) < (entries[$1].copies, entries[$0].place)
    }
    if let least, entries[least].copies < copies { entries[least] = entry }
  }

  /// The largest, earliest first among equals.
  func best(_ count: Int, in names: [String]) -> [DeduplicationReport.Group] {
    entries.sorted { ($1.copies, $0.place) < ($0.copies, $1.place) }.prefix(count).map {
      .init(original: $0.place.description(in: names), copies: $0.copies, text: $0.text)
    }
  }
}
