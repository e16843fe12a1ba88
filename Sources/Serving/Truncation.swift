// SPDX-License-Identifier: Apache-2.0

/// Which end of a text that is too long is cut off.
enum Truncation: String, CaseIterable, Sendable {
  /// The end is cut off; the field's default.
  case right
  /// The beginning is cut off.
  case left

  /// The row with its first and last token, which are the special ones, and as much as fits of
  /// what lies between.
  func cut(_ tokens: [Int32], to length: Int) -> [Int32] {
    guard tokens.count > length else { return tokens }
    guard length >= 2, let first = tokens.first, let last = tokens.last else {
      return Array(tokens.prefix(length))
    }
    return switch self {
    case .right: tokens.prefix(length - 1) + [last]
    case .left: [first] + tokens.suffix(length - 1)
    }
  }
}
