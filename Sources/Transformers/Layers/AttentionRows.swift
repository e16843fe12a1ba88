// SPDX-License-Identifier: Apache-2.0

import Torch

/// Which tokens of packed rows see which: rows of one shape that stand next to each other, and what is added to scores.
struct AttentionRows {
  /// Rows whose queries are of one number, and whose keys are.
  struct Group: Equatable {
    /// The first query's place among the tokens.
    var start: Int
    /// Rows in the group.
    var rowCount: Int
    /// Queries in each row.
    var length: Int
    /// The first key's place among the tokens that are attended to.
    var keyStart: Int
    /// Tokens from one row's keys to the next's.
    var keyStride: Int
    /// Keys of each row that are seen, at most ``keyStride``.
    var keyLength: Int
  }

  var groups: [Group]
  /// The same groups where rows see themselves, as the inference kernel takes them.
  var rowGroups: [Tensor.RowGroup]?
  /// Added to the scores, `[heads, queries, keys]` of the longest row: relative positions.
  var bias: Tensor?
  /// Whether a token sees only those up to itself.
  var isCausal = false

  /// Rows whose tokens see their own row.
  init(_ batch: PackedBatch, bias: Tensor? = nil, isCausal: Bool = false) {
    rowGroups = batch.groups
    groups = batch.groups.map {
      Group(
        start: $0.start, rowCount: $0.rowCount, length: $0.length, keyStart: $0.start,
        keyStride: $0.length, keyLength: $0.keyLength)
    }
    self.bias = bias
    self.isCausal = isCausal
  }

  /// Rows that see rows of another batch, given in the same order.
  init(_ queries: PackedBatch, to keys: PackedBatch) {
    groups = []
    let (left, right) = (Self.rows(queries), Self.rows(keys))
    for (query, key) in zip(left, right) {
      if let last = groups.indices.last, groups[last].length == query.length,
        groups[last].keyStride == key.length, groups[last].keyLength == key.keyLength
      {
        groups[last].rowCount += 1
      } else {
        groups.append(
          Group(
            start: query.start, rowCount: 1, length: query.length, keyStart: key.start,
            keyStride: key.length, keyLength: key.keyLength))
      }
    }
  }

  /// Each row of a batch as a group of its own, in packed order.
  private static func rows(_ batch: PackedBatch) -> [Tensor.RowGroup] {
    batch.groups.flatMap { group in
      (0..<group.rowCount).map { row in
        Tensor.RowGroup(
          start: group.start + row * group.length, rowCount: 1, length: group.length,
          keyLength: group.keyLength)
      }
    }
  }
}
