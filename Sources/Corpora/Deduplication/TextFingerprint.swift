// SPDX-License-Identifier: Apache-2.0

/// 128 bits of a text, by which equal texts are known.
///
/// Two hashes of 64 bits with seeds of their own: among a billion different texts two have the same with a
/// probability of about one in 10^21.
struct TextFingerprint: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(_ text: [UInt8], seed: UInt64) {
    self = text.withUnsafeBufferPointer { bytes in
      TextFingerprint(
        high: hashBytes(bytes, seed: mix(seed, 1)), low: hashBytes(bytes, seed: mix(seed, 2)))
    }
  }
}
