// SPDX-License-Identifier: Apache-2.0

/// FNV-1a, for decisions that must depend on a text and on nothing else (Fowler, Noll and Vo 1991), with
/// its bits mixed so that the low ones are as good as the high ones.
func stableHash(_ parts: String...) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for part in parts {
    for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ 0xff) &* 0x100_0000_01b3
  }
  hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
  hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
  return hash ^ hash >> 31
}

/// A number in [0, 1) that a text alone decides, for splits that do not hang on any order.
func stableShare(_ seed: UInt64, _ text: String) -> Double {
  Double(stableHash(String(seed), text) >> 11) / Double(UInt64(1) << 53)
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers from a seed on every machine.
struct StableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
