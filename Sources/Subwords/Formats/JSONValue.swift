// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A JSON document, read fast: a tokenizer's file holds a quarter of a million small arrays.
enum JSONValue {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Parses UTF-8 bytes.
  init(parsing bytes: [UInt8]) throws(SubwordError) {
    // A zero at the end lets the number reader stop without a bound.
    let terminated = bytes + [0]
    let result = terminated.withUnsafeBufferPointer { buffer -> Result<JSONValue, SubwordError> in
      var parser = Parser(bytes: buffer, count: bytes.count)
      do throws(SubwordError) {
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.failure("more text after the end") }
        return .success(value)
      } catch { return .failure(error) }
    }
    self = try result.get()
  }

  subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  var isNull: Bool { if case .null = self { true } else { false } }
  var int: Int? { number.flatMap { Int(exactly: $0) } }

  private struct Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    let count: Int
    var index = 0

    init(bytes: UnsafeBufferPointer<UInt8>, count: Int) {
      self.bytes = bytes
      self.count = count
    }

    func failure(_ what: String) -> SubwordError {
      SubwordError(.format, "not valid JSON: \(what) at byte \(index)")
    }

    mutating func skipSpace() {
      while index < count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[index]) { index += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
      skipSpace()
      guard index < count, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    mutating func value(depth: Int) throws(SubwordError) -> JSONValue {
      guard depth < 128 else { throw failure("too many brackets") }
      skipSpace()
      guard index < count else { throw failure("the end") }
      switch bytes[index] {
      case UInt8(ascii: "{"):
        index += 1
        var object: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(object) }
        repeat {
          skipSpace()
          let key = try string()
          guard take(UInt8(ascii: ":")) else { throw failure("a key without a colon") }
          object[key] = try value(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("an object that does not end") }
        return .object(object)
      case UInt8(ascii: "["):
        index += 1
        var array: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(array) }
        repeat { array.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("an array that does not end") }
        return .array(array)
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "t"): return try word("true", .bool(true))
      case UInt8(ascii: "f"): return try word("false", .bool(false))
      case UInt8(ascii: "n"): return try word("null", .null)
      default: return .number(try number())
      }
    }

    private mutating func word(
      _ word: StaticString, _ value: JSONValue
    ) throws(SubwordError) -> JSONValue {
      let size = word.utf8CodeUnitCount
      let expected = UnsafeBufferPointer(start: word.utf8Start, count: size)
      guard index + size <= count,
        UnsafeBufferPointer(rebasing: bytes[index..<(index + size)]).elementsEqual(expected)
      else { throw failure("an unknown word") }
      index += size
      return value
    }

    private mutating func number() throws(SubwordError) -> Double {
      guard let base = bytes.baseAddress else { throw failure("the end") }
      let start = UnsafeRawPointer(base + index).assumingMemoryBound(to: CChar.self)
      let first = bytes[index]
      guard first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
      else { throw failure("an unexpected character") }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      guard let end, end > start else { throw failure("a malformed number") }
      index += UnsafePointer(end) - start
      return value
    }

    private mutating func string() throws(SubwordError) -> String {
      guard index < count, bytes[index] == UInt8(ascii: "\"") else { throw failure("no string") }
      index += 1
      let start = index
      while index < count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") {
        index += 1
      }
      let plain = UnsafeBufferPointer(rebasing: bytes[start..<index])
      guard index < count else { throw failure("a string that does not end") }
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        return try text(plain)
      }
      var buffer = Array(plain)
      while index < count, bytes[index] != UInt8(ascii: "\"") {
        guard bytes[index] == UInt8(ascii: "\\") else {
          buffer.append(bytes[index])
          index += 1
          continue
        }
        index += 1
        guard index < count else { break }
        let escape = bytes[index]
        index += 1
        switch escape {
        case UInt8(ascii: "n"): buffer.append(0x0a)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "r"): buffer.append(0x0d)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0c)
        case UInt8(ascii: "u"): buffer += Array(String(try scalar()).utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(escape)
        default: throw failure("an unknown escape")
        }
      }
      guard index < count else { throw failure("a string that does not end") }
      index += 1
      return try buffer.withUnsafeBufferPointer { (buffer) throws(SubwordError) in try text(buffer)
      }
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(SubwordError) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw failure("a string that is not UTF-8")
      }
      return text
    }

    private mutating func scalar() throws(SubwordError) -> Unicode.Scalar {
      let high = try hexadecimal()
      if let scalar = Unicode.Scalar(high) { return scalar }
      guard (0xd800..<0xdc00).contains(high), index + 1 < count,
        bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
      else { throw failure("half of a surrogate pair") }
      index += 2
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
      else { throw failure("half of a surrogate pair") }
      return scalar
    }

    private mutating func hexadecimal() throws(SubwordError) -> UInt32 {
      guard index + 4 <= count,
        let value = UInt32(
          String(
            decoding: UnsafeBufferPointer(rebasing: bytes[index..<(index + 4)]), as: UTF8.self),
          radix: 16)
      else { throw failure("a malformed escape") }
      index += 4
      return value
    }
  }
}
