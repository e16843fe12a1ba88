// SPDX-License-Identifier: Apache-2.0

/// A pair of neighbouring symbols to its rank and what the two become.
///
/// A hash table with open addressing, at most half full: one look-up is one or two reads.
struct MergeTable: Sendable {
  /// What a pair becomes, and when: a smaller rank goes first.
  struct Result: Sendable, Equatable {
    var rank: Int32
    var symbol: Int32
  }

  private struct Slot: BitwiseCopyable, Sendable {
    var left: Int32 = -1
    var right: Int32 = -1
    var rank: Int32 = 0
    var symbol: Int32 = 0
  }

  private let slots: FixedArray<Slot>
  private let mask: Int
  let count: Int

  /// Makes the table; of equal pairs the last one counts.
  ///
  /// Symbols are not negative.
  init(_ entries: [(left: Int32, right: Int32, result: Result)]) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    mask = size - 1
    var slots = [Slot](repeating: Slot(), count: size)
    var count = 0
    for entry in entries {
      var index = Self.hash(entry.left, entry.right) & mask
      while slots[index].left >= 0,
        slots[index].left != entry.left || slots[index].right != entry.right
      {
        index = (index + 1) & mask
      }
      if slots[index].left < 0 { count += 1 }
      slots[index] = Slot(
        left: entry.left, right: entry.right, rank: entry.result.rank, symbol: entry.result.symbol)
    }
    self.slots = FixedArray(slots)
    self.count = count
  }

  @inline(__always)
  private static func hash(_ left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    let product = key.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }

  /// What the pair becomes; nil if it is not merged.
  ///
  /// Negative symbols are never merged.
  @inline(__always)
  func result(_ left: Int32, _ right: Int32) -> Result? {
    guard left | right >= 0 else { return nil }
    var index = Self.hash(left, right) & mask
    while true {
      let slot = slots[index]
      if slot.left == left, slot.right == right {
        return Result(rank: slot.rank, symbol: slot.symbol)
      }
      guard slot.left >= 0 else { return nil }
      index = (index + 1) & mask
    }
  }

  /// All pairs, in no particular order.
  var entries: [(left: Int32, right: Int32, result: Result)] {
    slots.elements.filter { $0.left >= 0 }
      .map { ($0.left, $0.right, Result(rank: $0.rank, symbol: $0.symbol)) }
  }
}
