// SPDX-License-Identifier: Apache-2.0

import Torch

/// Keys and values that stand in front of every row's own in one layer (prefix tuning).
struct AttentionPrefix {
  /// `[length, heads × width]`.
  var keys: Tensor
  /// `[length, heads × width]`.
  var values: Tensor
  /// The tokens of the rows that see it; nil for all.
  var tokens: Range<Int>?

  /// Keys or values of some rows, `[rows, heads, length, width]`, behind those of prefixes.
  static func joined(
    _ prefixes: [Tensor], _ own: Tensor, headCount: Int
  ) throws(TorchError) -> Tensor {
    var parts: [Tensor] = []
    for prefix in prefixes {
      let length = prefix.shape[0]
      parts.append(
        try prefix.reshaped([length, headCount, -1]).transposed(0, 1).expanded(0)
          .multiplied(by: .full([own.shape[0], 1, 1, 1], 1)))  // [rows, heads, length, width]
    }
    return try .concatenated(parts + [own], 2)
  }

  /// What lets each query of a group see all of the prefixes and of its own row the tokens up to itself: 0, and -∞ for what it must
  /// not see, `[1, 1, queries, prefixes + keys]`.
  static func causalBias(
    _ prefixes: [AttentionPrefix], _ group: AttentionRows.Group
  ) throws(TorchError) -> Tensor {
    let front = prefixes.reduce(0) { $0 + $1.keys.shape[0] }
    let width = front + group.keyLength
    let bias = (0..<group.length).flatMap { query in
      (0..<width).map { $0 > front + query ? -Float.infinity : 0 }
    }
    return try Tensor(bias, shape: [1, 1, group.length, width])
  }
}

extension AttentionRows {
  /// The groups cut so that all rows of each see the same prefixes.
  func groups(cutBy prefixes: [AttentionPrefix]) -> [Group] {
    let borders = Set(prefixes.flatMap { $0.tokens.map { [$0.lowerBound, $0.upperBound] } ?? [] })
    guard !borders.isEmpty else { return groups }
    return groups.flatMap { group in
      var parts: [Group] = []
      for row in 0..<group.rowCount {
        let start = group.start + row * group.length
        if row > 0, !borders.contains(start) {
          parts[parts.count - 1].rowCount += 1
        } else {
          var part = group
          part.start = start
          part.keyStart = group.keyStart + row * group.keyStride
          part.rowCount = 1
          parts.append(part)
        }
      }
      return parts
    }
  }
}
