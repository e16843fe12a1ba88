// SPDX-License-Identifier: Apache-2.0

/// A small, fast random generator whose every draw follows from its seed: xoshiro256++.
///
/// The same seed and stream give the same draws on every platform and in every version, which
/// `SystemRandomNumberGenerator` and `shuffled()` do not promise. Streams of one seed are
/// independent for practical purposes, so that resample *r* can draw from stream *r* and the
/// order, or the thread, in which resamples are taken cannot change a result.
///
/// Not for secrets: its state can be read off its output.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021;
/// the state is filled by SplitMix64 (Steele, Lea and Flood, 2014), as its authors advise.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var s0, s1, s2, s3: UInt64

  /// Starts a stream.
  ///
  /// - Parameters:
  ///   - seed: Any number; equal seeds give equal draws.
  ///   - stream: Which of the seed's streams; 0 by default.
  public init(seed: UInt64, stream: UInt64 = 0) {
    // The stream number is mixed before it meets the seed: seed 1, stream 0 and
    // seed 0, stream 1 must not be the same stream.
    var mixed = stream &+ 0x6A09_E667_F3BC_C909
    var state = seed ^ Self.splitMix(&mixed)
    s0 = Self.splitMix(&state)
    s1 = Self.splitMix(&state)
    s2 = Self.splitMix(&state)
    s3 = Self.splitMix(&state)
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// A uniform index in `0..<count`.
  ///
  /// Without bias (Lemire, "Fast random integer generation in an interval", 2019).
  ///
  /// - Precondition: `count` is positive.
  @inline(__always)
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "no index lies below \(count)")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A uniform number in `0..<1` with 53 random bits.
  @inline(__always)
  public mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
