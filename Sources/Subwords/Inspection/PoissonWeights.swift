// SPDX-License-Identifier: Apache-2.0

/// How often each replicate of a bootstrap draws a sentence.
///
/// The draws follow from the seed and the sentence's key alone: the order of sentences, the number of
/// threads and the vocabulary do not change them, so two vocabularies are compared on the same draws.
struct PoissonWeights: Sendable {
  let seed: UInt64

  /// Fills `weights` with draws from a Poisson distribution of mean one, in steps of 1/256.
  func fill(_ weights: inout [Int64], key: UInt64) {
    var state = seed ^ (key &* 0x9E37_79B9_7F4A_7C15) ^ 0x6A09_E667_F3BC_C909
    var bits: UInt64 = 0
    for index in weights.indices {
      if index % 8 == 0 { bits = Self.next(&state) }
      weights[index] = Self.draw(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
    }
  }

  private static func draw(_ byte: UInt8) -> Int64 {
    switch byte {
    case ..<94: 0
    case ..<188: 1
    case ..<235: 2
    case ..<251: 3
    case ..<255: 4
    default: 5
    }
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014).
  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
