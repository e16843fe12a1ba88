// SPDX-License-Identifier: Apache-2.0

/// Random numbers that follow from a seed and the number of a stream alone: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// Each line of a text draws from a stream of its own, so what is drawn does not depend on threads.
public struct SampleGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts a stream of a seed.
  public init(seed: UInt64, stream: UInt64) {
    // Each is mixed before they meet, so that neighbouring seeds and streams are far apart.
    state = Self.mix(Self.mix(seed &+ Self.step) ^ (stream &* 0xD1B5_4A32_D192_ED03))
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ number: UInt64) -> UInt64 {
    var number = number
    number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
    number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
    return number ^ number >> 31
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mix(state)
  }
}

extension RandomNumberGenerator {
  /// A number from 0 up to 1, with 53 random bits.
  @inline(__always)
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
