// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads JSON (RFC 8259) from UTF-8 bytes in one pass.
///
/// Invalid UTF-8, lone surrogates, trailing bytes and nesting beyond 512 levels are errors.
struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  /// The document in `bytes`.
  static func read(_ bytes: some Collection<UInt8>) throws(SubwordError) -> JSONValue {
    // A byte of zero behind the text lets every look-ahead and `strtod` stop without a bounds test.
    var terminated = [UInt8]()
    terminated.reserveCapacity(bytes.count + 1)
    terminated.append(contentsOf: bytes)
    terminated.append(0)
    let result = terminated.withUnsafeBufferPointer { buffer -> Result<JSONValue, SubwordError> in
      var reader = JSONReader(bytes: buffer)
      return Result { () throws(SubwordError) in try reader.document() }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func failure(_ expected: String) -> SubwordError {
    let line = bytes[..<min(position, bytes.count - 1)].count(where: { $0 == 0x0A }) + 1
    let found: String
    if position >= bytes.count - 1 {
      found = "the end of the file"
    } else if 0x20..<0x7F ~= bytes[position] {
      found = "“\(Unicode.Scalar(bytes[position]))”"
    } else {
      found = "byte \(bytes[position])"
    }
    return SubwordError(
      .malformed, "expected \(expected), found \(found)", at: "line \(line), byte \(position)")
  }

  private mutating func document() throws(SubwordError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let value = try value()
    skipSpace()
    guard position == bytes.count - 1 else { throw failure("the end of the document") }
    return value
  }

  private mutating func skipSpace() {
    while true {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func value() throws(SubwordError) -> JSONValue {
    skipSpace()
    switch bytes[position] {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(SubwordError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard bytes[position] == word.utf8Start[index] else { throw failure("“\(word)”") }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(SubwordError) {
    position += 1
    depth += 1
    guard depth <= 512 else { throw failure("at most 512 nested arrays and objects") }
  }

  private mutating func array() throws(SubwordError) -> JSONValue {
    try enter()
    var elements = [JSONValue]()
    skipSpace()
    if bytes[position] == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      switch bytes[position] {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        position += 1
        depth -= 1
        return .array(elements)
      default: throw failure("“,” or “]”")
      }
    }
  }

  private mutating func object() throws(SubwordError) -> JSONValue {
    try enter()
    var members = [JSONValue.Member]()
    skipSpace()
    if bytes[position] == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard bytes[position] == UInt8(ascii: "\"") else { throw failure("a member's name") }
      let name = try string()
      skipSpace()
      guard bytes[position] == UInt8(ascii: ":") else { throw failure("“:”") }
      position += 1
      members.append(JSONValue.Member(name, try value()))
      skipSpace()
      switch bytes[position] {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        position += 1
        depth -= 1
        return .object(members)
      default: throw failure("“,” or “}”")
      }
    }
  }

  private mutating func number() throws(SubwordError) -> Double {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let digits = position
    skipDigits()
    guard position > digits else { throw failure("a value") }
    guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else {
      throw failure("a number without leading zeros")
    }
    if bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      skipDigits()
      guard position > fraction else { throw failure("a digit") }
    }
    if bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
        position += 1
      }
      let exponent = position
      skipDigits()
      guard position > exponent else { throw failure("a digit") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      throw failure("a number within the range of a double")
    }
    return number
  }

  private mutating func skipDigits() {
    while 0x30...0x39 ~= bytes[position] { position += 1 }
  }
}

extension JSONReader {
  private mutating func string() throws(SubwordError) -> String {
    position += 1
    let start = position
    while true {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try validated(bytes[start..<position])
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { break }
      guard byte >= 0x20 else { throw failure("the end of the string") }
      position += 1
    }
    return try escapedString(from: start)
  }

  private func validated(_ slice: some Collection<UInt8>) throws(SubwordError) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw failure("valid UTF-8 in the string that ends here")
    }
    return text
  }

  private mutating func escapedString(from start: Int) throws(SubwordError) -> String {
    var buffer = Array(bytes[start..<position])
    while true {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try validated(buffer)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &buffer)
      case ..<0x20: throw failure("the end of the string")
      default:
        buffer.append(byte)
        position += 1
      }
    }
  }

  private mutating func appendEscape(to buffer: inout [UInt8]) throws(SubwordError) {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      var code = try hexadecimal()
      if 0xD800..<0xDC00 ~= code {
        guard bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else {
          throw failure("the second half of a surrogate pair")
        }
        position += 2
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw failure("the second half of a surrogate pair") }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a Unicode scalar") }
      buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return
    default: throw failure("an escape sequence")
    }
    position += 1
  }

  private mutating func hexadecimal() throws(SubwordError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw failure("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
