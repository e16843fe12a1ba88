// SPDX-License-Identifier: Apache-2.0

/// fastText's hash of a word or an n-gram: 32-bit FNV-1a in which each byte is extended with its sign.
///
/// The hash of an n-gram's beginning is a step towards that of the whole, so n-grams that begin at one
/// character cost one pass.
struct WordHash {
  private(set) var value: UInt32 = 2_166_136_261

  @inline(__always) mutating func append(_ byte: UInt8) {
    value = (value ^ UInt32(bitPattern: Int32(Int8(bitPattern: byte)))) &* 16_777_619
  }

  /// The hash of bytes.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var hash = WordHash()
    for byte in bytes { hash.append(byte) }
    return hash.value
  }
}

/// The remainder of a division by a number that stays the same, without dividing.
///
/// Lemire, Kaser and Kurz: Faster remainder by direct computation (2019).
struct Remainder: Sendable {
  let divisor: UInt32
  private let reciprocal: UInt64

  /// - Parameter divisor: At least 1.
  init(dividingBy divisor: UInt32) {
    self.divisor = divisor
    reciprocal = UInt64.max / UInt64(divisor) &+ 1
  }

  @inline(__always) func callAsFunction(_ value: UInt32) -> UInt32 {
    UInt32(
      truncatingIfNeeded: (reciprocal &* UInt64(value)).multipliedFullWidth(by: UInt64(divisor))
        .high)
  }
}
