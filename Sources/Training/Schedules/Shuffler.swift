// SPDX-License-Identifier: Apache-2.0

/// Row orders from a seed: SplitMix64 (Steele and others, 2014), the same on every machine.
struct Shuffler: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// The numbers below `count` in a new order, cut into batches.
  mutating func batches(_ count: Int, size: Int) -> [[Int]] {
    let order = (0..<count).shuffled(using: &self)
    return stride(from: 0, to: count, by: size).map { Array(order[$0..<min($0 + size, count)]) }
  }
}
