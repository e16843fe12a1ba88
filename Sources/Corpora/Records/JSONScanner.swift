// SPDX-License-Identifier: Apache-2.0

/// Walks over the parts of a JSON text (RFC 8259) that is valid UTF-8.
struct JSONScanner {
  let bytes: [UInt8]
  private(set) var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte; nil at the end.
  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skipSpaces() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      index += 1
    }
  }

  /// Takes a sign, with the spaces before it, if it comes next.
  mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard let byte = peek, UInt32(byte) == sign.value else { return false }
    index += 1
    return true
  }

  /// Takes a string and what its escapes mean; nil where none comes next, or it is not whole.
  mutating func string() -> [UInt8]? {
    guard take("\"") else { return nil }
    var result: [UInt8] = []
    while let byte = peek {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return result
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        result.appendScalar(scalar)
      case 0..<0x20: return nil
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> UInt32? {
    guard let byte = peek else { return nil }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(byte)
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { return nil }
      guard 0xd800..<0xe000 ~= first else { return first }
      // Half a pair on its own is no scalar.
      let place = index
      guard first < 0xdc00, peek == UInt8(ascii: "\\") else { return 0xfffd }
      index += 1
      guard peek == UInt8(ascii: "u") else {
        index = place
        return 0xfffd
      }
      index += 1
      guard let second = hexadecimal() else { return nil }
      guard 0xdc00..<0xe000 ~= second else {
        index = place
        return 0xfffd
      }
      return 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - 0x57)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - 0x37)
      default: return nil
      }
    }
    index += 4
    return value
  }

  /// Takes a value of any kind, without recursion, so that deep nesting costs nothing.
  mutating func skipValue() -> Bool {
    var open: [UInt8] = []
    repeat {
      skipSpaces()
      guard let byte = peek else { return false }
      switch byte {
      case UInt8(ascii: "\""): guard string() != nil else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(byte + 2)  // its closing sign
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == byte else { return false }
        index += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !open.isEmpty else { return false }
        index += 1
      default: guard skipWord() else { return false }
      }
    } while !open.isEmpty
    return true
  }

  /// Takes a number, `true`, `false` or `null`.
  private mutating func skipWord() -> Bool {
    let start = index
    while let byte = peek,
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || byte | 0x20 >= UInt8(ascii: "a")
          && byte | 0x20 <= UInt8(ascii: "z")
        || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    { index += 1 }
    return index > start
  }
}
