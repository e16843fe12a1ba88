// SPDX-License-Identifier: Apache-2.0

/// Up to six scalars in two words, which order as the scalars do.
///
/// U+0000 cannot be among them: it fills the places that are left.
struct ScalarSpelling: Hashable, Comparable {
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  static let capacity = 6

  init() {}

  init(_ scalars: some Sequence<Unicode.Scalar>) {
    for (index, scalar) in scalars.enumerated() { set(scalar, at: index) }
  }

  static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// Puts a scalar into a place that is free.
  mutating func set(_ scalar: Unicode.Scalar, at index: Int) {
    let bits = UInt64(scalar.value) << UInt64(42 - 21 * (index % 3))
    if index < 3 { high |= bits } else { low |= bits }
  }

  /// The scalar in a place; nil where it is free.
  subscript(index: Int) -> Unicode.Scalar? {
    let word = index < 3 ? high : low
    let value = UInt32(word >> UInt64(42 - 21 * (index % 3)) & 0x1F_FFFF)
    return value == 0 ? nil : Unicode.Scalar(value)
  }

  /// The scalars.
  var scalars: [Unicode.Scalar] { (0..<Self.capacity).compactMap { self[$0] } }
}
