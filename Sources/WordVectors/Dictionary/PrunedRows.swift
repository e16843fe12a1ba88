// SPDX-License-Identifier: Apache-2.0

/// The n-grams that a pruned model has kept, and the row of each among them.
///
/// A hash table with open addressing, at most half full.
struct PrunedRows: Sendable {
  /// The n-gram and its row as they stand in the file, in its order.
  let pairs: [(bucket: Int32, row: Int32)]
  /// `bucket << 32 | row`; all ones where the slot is free.
  private let slots: [UInt64]
  private let mask: Int

  init(_ pairs: [(bucket: Int32, row: Int32)]) {
    self.pairs = pairs
    var capacity = 16
    while capacity < pairs.count * 2 { capacity *= 2 }
    mask = capacity - 1
    var slots = [UInt64](repeating: .max, count: capacity)
    for (bucket, row) in pairs {
      var place = Self.place(UInt32(bitPattern: bucket)) & mask
      while slots[place] != .max, slots[place] >> 32 != UInt64(UInt32(bitPattern: bucket)) {
        place = (place + 1) & mask
      }
      slots[place] = UInt64(UInt32(bitPattern: bucket)) << 32 | UInt64(UInt32(bitPattern: row))
    }
    self.slots = slots
  }

  /// The row of a bucket, or -1 where it was not kept.
  @inline(__always) func row(of bucket: UInt32) -> Int32 {
    slots.withUnsafeBufferPointer { slots in
      var place = Self.place(bucket) & mask
      while true {
        let slot = slots[place]
        if slot == .max { return -1 }
        if UInt32(truncatingIfNeeded: slot >> 32) == bucket {
          return Int32(truncatingIfNeeded: slot)
        }
        place = (place + 1) & mask
      }
    }
  }

  @inline(__always) private static func place(_ bucket: UInt32) -> Int {
    Int((UInt64(bucket) &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }
}
