// SPDX-License-Identifier: Apache-2.0

/// Hashes and comparisons of byte strings, eight bytes at a time.
enum ByteString {
  /// The hash of `count` bytes, the same on every platform; short strings take two multiplications.
  ///
  /// The 64-bit products are folded as in Wang Yi's wyhash.
  @inline(__always)
  static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    var seed = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var (first, second): (UInt64, UInt64)
    if count >= 8 {
      var index = 0
      while index &+ 16 < count {
        seed = fold(
          word(start + index) ^ 0xA076_1D64_78BD_642F, word(start + index + 8) ^ seed)
        index &+= 16
      }
      (first, second) = (word(start + max(0, count &- 16)), word(start + count - 8))
      // Between 8 and 16 bytes the two overlap.
    } else if count >= 4 {
      (first, second) = (half(start), half(start + count - 4))
    } else if count > 0 {
      first = UInt64(start[0]) << 16 | UInt64(start[count >> 1]) << 8 | UInt64(start[count &- 1])
      second = 0
    } else {
      (first, second) = (0, 0)
    }
    return fold(
      fold(first ^ 0xA076_1D64_78BD_642F, second ^ seed ^ 0xE703_7ED1_A0B4_28DB),
      seed ^ 0x8EBC_6AF0_9C88_C6E3)
  }

  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func word(_ start: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func half(_ start: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(UInt32(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)))
  }

  /// Whether `count` bytes at two places are the same.
  @inline(__always)
  static func areEqual(
    _ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    if count >= 8 {
      var index = 0
      while index &+ 8 < count {
        if word(one + index) != word(other + index) { return false }
        index &+= 8
      }
      return word(one + count - 8) == word(other + count - 8)
    }
    if count >= 4 {
      return half(one) == half(other) && half(one + count - 4) == half(other + count - 4)
    }
    for index in 0..<count where one[index] != other[index] { return false }
    return true
  }

  /// Eight bytes from an offset on as a number that orders as they do; zeros stand for what is missing.
  @inline(__always)
  static func window(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt64 {
    guard let base = bytes.baseAddress, offset < bytes.count else { return 0 }
    if offset &+ 8 <= bytes.count {
      return UInt64(bigEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
    }
    var window: UInt64 = 0
    for index in offset..<bytes.count { window = window << 8 | UInt64(base[index]) }
    return window << UInt64(8 &* (8 &- (bytes.count &- offset)))
  }

  /// Whether one string comes before another, byte by byte, a prefix before what goes on.
  @inline(__always)
  static func precedes(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var offset = 0
    while offset < left.count, offset < right.count {
      let (one, other) = (window(left, at: offset), window(right, at: offset))
      if one != other { return one < other }
      offset &+= 8
    }
    return left.count < right.count
  }
}
