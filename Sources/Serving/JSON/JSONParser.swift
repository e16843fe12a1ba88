// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text (RFC 8259) and says where it breaks.
///
/// Strict: nothing after the value, no trailing comma, no key twice, valid UTF-8, no half of a
/// surrogate pair. Nesting is bounded, so that a body of brackets cannot exhaust the stack.
struct JSONParser {
  /// How deep arrays and objects may nest.
  static let maximumDepth = 64

  private let bytes: [UInt8]
  private var position = 0

  /// The value of a JSON text.
  ///
  /// - Throws: ``ServingError`` of code `malformed` with line and column, both from 1, the column
  ///   in bytes.
  static func parse(_ bytes: [UInt8]) throws(ServingError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.expected("the end of the body") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func value(depth: Int) throws(ServingError) -> JSONValue {
    skipSpace()
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
      return try number()
    default: throw expected("a value")
    }
  }

  private mutating func array(depth: Int) throws(ServingError) -> [JSONValue] {
    try open(depth: depth)
    var elements: [JSONValue] = []
    if skip(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth))
      if skip(UInt8(ascii: "]")) { return elements }
      guard skip(UInt8(ascii: ",")) else { throw expected("',' or ']' after an element") }
    }
  }

  private mutating func object(depth: Int) throws(ServingError) -> [JSONValue.Member] {
    try open(depth: depth)
    var members: [JSONValue.Member] = []
    if skip(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw expected("a key in double quotes") }
      let start = position
      let key = try string()
      guard !members.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) else {
        throw failure("the key \"\(key)\" stands here a second time", at: start)
      }
      guard skip(UInt8(ascii: ":")) else { throw expected("':' after a key") }
      members.append(.init(key: key, value: try value(depth: depth)))
      if skip(UInt8(ascii: "}")) { return members }
      guard skip(UInt8(ascii: ",")) else { throw expected("',' or '}' after a member") }
    }
  }

  private mutating func open(depth: Int) throws(ServingError) {
    guard depth <= Self.maximumDepth else {
      throw failure("arrays and objects nest deeper than \(Self.maximumDepth)", at: position)
    }
    position += 1
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(ServingError) -> JSONValue {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      guard current == word.utf8Start[offset] else {
        throw expected("'\(word)'", at: start)
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(ServingError) -> JSONValue {
    let start = position
    var isInteger = true
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if current == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw failure("the number is too large", at: start)
    }
    return .number(value)
  }

  private mutating func digits() throws(ServingError) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    guard position > start else { throw expected("a digit") }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }
}

extension JSONParser {
  private mutating func string() throws(ServingError) -> String {
    let open = position
    position += 1
    var start = position
    var text = ""
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        text += try verbatim(start..<position)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        text += try verbatim(start..<position)
        text.unicodeScalars.append(try escape())
        start = position
      case 0..<0x20:
        throw failure(
          "a control character in a string must be escaped (\\n, \\u00XX)", at: position)
      default:
        position += 1
      }
    }
    throw failure("the string that begins here does not end", at: open)
  }

  private func verbatim(_ range: Range<Int>) throws(ServingError) -> String {
    if let text = String(validating: bytes[range], as: UTF8.self) { return text }
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes[range].makeIterator()
    var place = range.lowerBound
    while case .valid(let scalar) = parser.parseScalar(from: &rest) { place += scalar.count }
    throw failure("the bytes are not UTF-8", at: place)
  }

  private mutating func escape() throws(ServingError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let byte = current else { throw expected("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw failure("a string knows no such escape (use \\\\ for a backslash)", at: start)
    }
    let high = try hexadecimal()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard UTF16.isLeadSurrogate(UInt16(high)), current == UInt8(ascii: "\\"),
      position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
    else { throw failure("half of a surrogate pair is no character", at: start) }
    position += 2
    let low = try hexadecimal()
    guard UTF16.isTrailSurrogate(UInt16(low)),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw failure("half of a surrogate pair is no character", at: start) }
    return scalar
  }

  private mutating func hexadecimal() throws(ServingError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Unicode.Scalar(byte).hexadecimalValue else {
        throw expected("four hexadecimal digits")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }
}

extension JSONParser {
  private func expected(_ what: String, at place: Int? = nil) -> ServingError {
    let place = place ?? position
    return failure("expected \(what), found \(found(at: place))", at: place)
  }

  private func found(at place: Int) -> String {
    guard place < bytes.count else { return "the end of the body" }
    let byte = bytes[place]
    return (0x21..<0x7F).contains(byte)
      ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
  }

  private func failure(_ message: String, at place: Int) -> ServingError {
    let before = bytes[..<place]
    let line = 1 + before.count { $0 == 0x0A }
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return ServingError(
      .malformed, "the body is not JSON: \(message)",
      at: "line \(line), column \(place - lineStart + 1)")
  }
}

extension Unicode.Scalar {
  /// What the scalar counts as a hexadecimal digit.
  fileprivate var hexadecimalValue: UInt32? {
    switch self {
    case "0"..."9": value - 0x30
    case "a"..."f": value - 0x61 + 10
    case "A"..."F": value - 0x41 + 10
    default: nil
    }
  }
}
