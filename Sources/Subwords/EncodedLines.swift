// SPDX-License-Identifier: Apache-2.0

/// The ids of many lines, one behind the other.
public struct EncodedLines: Sendable, Equatable {
  /// The ids of all lines.
  public internal(set) var ids: [Int32] = []
  /// Where the ids of each line end.
  public internal(set) var ends: [Int] = []

  /// The number of lines.
  public var count: Int { ends.count }

  /// The ids of a line.
  public subscript(line: Int) -> ArraySlice<Int32> {
    ids[(line == 0 ? 0 : ends[line - 1])..<ends[line]]
  }

  mutating func append(_ other: EncodedLines) {
    let offset = ids.count
    ids += other.ids
    ends.reserveCapacity(ends.count + other.ends.count)
    for end in other.ends { ends.append(offset + end) }
  }
}
