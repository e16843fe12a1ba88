// SPDX-License-Identifier: Apache-2.0

/// Takes the scalar that begins at an index and moves the index behind it; the bytes must be valid UTF-8.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
  let lead = UInt32(bytes[index])
  if lead < 0x80 {
    index += 1
    return lead
  }
  if lead < 0xe0 {
    let value = (lead & 0x1f) << 6 | UInt32(bytes[index + 1]) & 0x3f
    index += 2
    return value
  }
  let middle = UInt32(bytes[index + 1]) & 0x3f
  if lead < 0xf0 {
    let value = (lead & 0x0f) << 12 | middle << 6 | UInt32(bytes[index + 2]) & 0x3f
    index += 3
    return value
  }
  let value =
    (lead & 0x07) << 18 | middle << 12 | (UInt32(bytes[index + 2]) & 0x3f) << 6
    | UInt32(bytes[index + 3]) & 0x3f
  index += 4
  return value
}

/// Where bytes stop being UTF-8 (Unicode 16, table 3-7); nil where they never do.
func firstInvalidByte(of bytes: [UInt8]) -> Int? {
  bytes.withUnsafeBufferPointer { bytes in
    let count = bytes.count
    var index = 0
    while index < count {
      if index + 8 <= count {
        let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index)
          .loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 {
          index += 8
          continue
        }
      }
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xbf
      switch lead {
      case 0xc2...0xdf: length = 2
      case 0xe0: (length, second) = (3, 0xa0...0xbf)
      case 0xed: (length, second) = (3, 0x80...0x9f)
      case 0xe1...0xef: length = 3
      case 0xf0: (length, second) = (4, 0x90...0xbf)
      case 0xf4: (length, second) = (4, 0x80...0x8f)
      case 0xf1...0xf3: length = 4
      default: return index
      }
      guard index + length <= count, second.contains(bytes[index + 1]) else { return index }
      for next in index + 2..<index + length where bytes[next] & 0xc0 != 0x80 { return index }
      index += length
    }
    return nil
  }
}

/// Whether all bytes are below 0x80.
func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let base = bytes.baseAddress else { return true }
  var index = 0
  while index + 8 <= bytes.count {
    let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
    if word & 0x8080_8080_8080_8080 != 0 { return false }
    index += 8
  }
  while index < bytes.count {
    if base[index] >= 0x80 { return false }
    index += 1
  }
  return true
}

extension [UInt8] {
  /// Appends a scalar as UTF-8; the number must be a scalar's.
  @inline(__always)
  mutating func appendScalar(_ value: UInt32) {
    if value < 0x80 {
      append(UInt8(value))
    } else if value < 0x800 {
      append(UInt8(0xc0 | value >> 6))
      append(UInt8(0x80 | value & 0x3f))
    } else if value < 0x10000 {
      append(UInt8(0xe0 | value >> 12))
      append(UInt8(0x80 | value >> 6 & 0x3f))
      append(UInt8(0x80 | value & 0x3f))
    } else {
      append(UInt8(0xf0 | value >> 18))
      append(UInt8(0x80 | value >> 12 & 0x3f))
      append(UInt8(0x80 | value >> 6 & 0x3f))
      append(UInt8(0x80 | value & 0x3f))
    }
  }
}
