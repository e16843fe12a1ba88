// SPDX-License-Identifier: Apache-2.0

/// Reading Unicode scalars out of UTF-8 bytes.
enum UTF8Scalar {
  /// The length in bytes that a leading byte announces; 1 for a continuation byte.
  @inline(__always)
  static func length(leading byte: UInt8) -> Int {
    switch byte {
    case ..<0xC0: 1
    case ..<0xE0: 2
    case ..<0xF0: 3
    default: 4
    }
  }

  /// The scalar at `index` of valid UTF-8, and its length.
  @inline(__always)
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (UInt32, Int) {
    let first = bytes[index]
    let length = min(length(leading: first), bytes.count - index)
    guard length > 1 else { return (UInt32(first), 1) }
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for next in index + 1..<index + length { scalar = scalar << 6 | UInt32(bytes[next] & 0x3F) }
    return (scalar, length)
  }

  /// The number of scalars in valid UTF-8.
  @inline(__always)
  static func count(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
  }

  /// Whether `scalar` has the Unicode property White_Space.
  @inline(__always)
  static func isWhitespace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  /// The length of the well-formed scalar at `index`, or 0 if the bytes there are ill-formed.
  @inline(__always)
  static func wellFormedLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    guard 0xC2...0xF4 ~= first, index &+ 1 < bytes.count else { return 0 }
    let second = bytes[index &+ 1]
    guard second & 0xC0 == 0x80 else { return 0 }
    if first < 0xE0 { return 2 }
    guard index &+ 2 < bytes.count, bytes[index &+ 2] & 0xC0 == 0x80 else { return 0 }
    if first < 0xF0 {
      // Neither longer than needed nor a surrogate.
      return first == 0xE0 && second < 0xA0 || first == 0xED && second >= 0xA0 ? 0 : 3
    }
    guard index &+ 3 < bytes.count, bytes[index &+ 3] & 0xC0 == 0x80 else { return 0 }
    return first == 0xF0 && second < 0x90 || first == 0xF4 && second >= 0x90 ? 0 : 4
  }

  /// Whether all bytes are well-formed UTF-8 (Unicode, table 3-7).
  static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let raw = UnsafeRawPointer(base)
    let count = bytes.count
    var index = 0
    while index < count {
      while index &+ 8 <= count,
        raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        index &+= 8
      }
      guard index < count else { return true }
      let first = base[index]
      if first < 0x80 {
        index &+= 1
        continue
      }
      let length = wellFormedLength(bytes, at: index)
      guard length > 0 else { return false }
      index &+= length
    }
    return true
  }
}

extension UTF8Scalar {
  /// Where the first bytes stand that are not well-formed UTF-8; nil if all are.
  static func firstIllFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    while index < bytes.count {
      if index + 8 <= bytes.count, let base = bytes.baseAddress,
        UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        index += 8
        continue
      }
      let length = wellFormedLength(bytes, at: index)
      if length == 0 { return index }
      index += length
    }
    return nil
  }
}
