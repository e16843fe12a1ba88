// SPDX-License-Identifier: Apache-2.0

/// The place of each word of a dictionary by its hash: open addressing, at most half full.
struct WordTable: Sendable {
  /// `hash << 32 | index`; all ones where the slot is free.
  private var slots: [UInt64]
  private var mask: Int

  /// An empty table with room for so many words.
  init(capacity count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = [UInt64](repeating: .max, count: capacity)
    mask = capacity - 1
  }

  /// Puts a word in, in place of one that is equal to it.
  mutating func insert(_ hash: UInt32, _ index: Int, where isEqual: (Int) -> Bool) {
    slots[place(hash, where: isEqual)] = UInt64(hash) << 32 | UInt64(UInt32(index))
  }

  /// Makes room for a growing number of words.
  mutating func reserve(_ count: Int) {
    guard count * 2 > slots.count else { return }
    var larger = WordTable(capacity: max(count, slots.count))
    for slot in slots where slot != .max {
      let hash = UInt32(truncatingIfNeeded: slot >> 32)
      // Words in one table differ, so none is equal to another.
      larger.insert(hash, Int(UInt32(truncatingIfNeeded: slot)), where: { _ in false })
    }
    self = larger
  }

  /// The index of a word, or -1; `isEqual` says whether the word of an index with this hash is the one.
  @inline(__always) func index(_ hash: UInt32, where isEqual: (Int) -> Bool) -> Int {
    let slot = slots[place(hash, where: isEqual)]
    return slot == .max ? -1 : Int(UInt32(truncatingIfNeeded: slot))
  }

  @inline(__always) private func place(_ hash: UInt32, where isEqual: (Int) -> Bool) -> Int {
    slots.withUnsafeBufferPointer { slots in
      var place = Int(hash) & mask
      while true {
        let slot = slots[place]
        if slot == .max { return place }
        if UInt32(truncatingIfNeeded: slot >> 32) == hash,
          isEqual(Int(UInt32(truncatingIfNeeded: slot)))
        {
          return place
        }
        place = (place + 1) & mask
      }
    }
  }
}
