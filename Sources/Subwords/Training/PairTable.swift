// SPDX-License-Identifier: Apache-2.0

/// All pairs of neighbouring symbols that a byte-pair trainer has met, found by their two symbols.
///
/// A hash table with open addressing, at most two thirds full, whose slots point into a list of records; no pair
/// ever leaves it, so a pair keeps its index.
struct PairTable: ~Copyable {
  /// What the trainer knows of a pair.
  struct Pair: BitwiseCopyable {
    var left: Int32
    var right: Int32
    /// How often the pair stands in the text now.
    var count: Int64 = 0
    /// The first of the places where it stands; -1 if there is none.
    var first: Int32 = -1
    /// The index of its merge; -1 as long as it was not merged.
    var merge: Int32 = -1
  }

  /// The pairs, in the order in which they were met.
  var pairs: TrainingBuffer<Pair>
  private var slots: TrainingBuffer<Int32>
  private var mask: Int

  init() {
    pairs = TrainingBuffer(capacity: 1 << 12)
    slots = TrainingBuffer(repeating: -1, count: 1 << 13)
    mask = 1 << 13 - 1
  }

  /// The index of a pair, which is made if it is not there.
  mutating func index(_ left: Int32, _ right: Int32) -> Int32 {
    var slot = Self.hash(left, right) & mask
    while true {
      let index = slots.base[slot]
      guard index >= 0 else { break }
      let pair = pairs.base[Int(index)]
      if pair.left == left, pair.right == right { return index }
      slot = (slot + 1) & mask
    }
    let index = Int32(pairs.count)
    slots.base[slot] = index
    pairs.append(Pair(left: left, right: right))
    if pairs.count * 3 > slots.count * 2 { rehash() }
    return index
  }

  private mutating func rehash() {
    slots = TrainingBuffer(repeating: -1, count: slots.count * 2)
    mask = slots.count - 1
    for index in 0..<pairs.count {
      let pair = pairs.base[index]
      var slot = Self.hash(pair.left, pair.right) & mask
      while slots.base[slot] >= 0 { slot = (slot + 1) & mask }
      slots.base[slot] = Int32(index)
    }
  }

  @inline(__always)
  private static func hash(_ left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    let product = key.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }
}
