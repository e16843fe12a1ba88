// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of a protocol-buffers message (proto2 wire format) from a slice of bytes.
///
/// Every length is checked against the message's end before it is used.
struct ProtobufReader {
  /// A field's value by wire type.
  enum Value {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field's number and value; nil at the end.
  mutating func next() throws(SubwordError) -> (number: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let start = rest.startIndex
    let key = try varint()
    let number = Int(key >> 3 & 0x1FFF_FFFF)
    guard number > 0, key >> 3 <= 0x1FFF_FFFF else {
      throw SubwordError(
        .malformed, "expected a field number, found \(key >> 3)", at: "byte \(start)")
    }
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else {
        throw SubwordError(
          .malformed,
          "expected a field of at most \(rest.count) bytes, found a length of \(length); "
            + "the file may be truncated",
          at: "byte \(rest.startIndex)")
      }
      defer { rest = rest.dropFirst(Int(length)) }
      return (number, .bytes(rest.prefix(Int(length))))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    default:
      throw SubwordError(
        .malformed,
        "expected wire type 0, 1, 2 or 5, found \(key & 7); "
          + "this is not a SentencePiece model",
        at: "byte \(start)")
    }
  }

  private mutating func varint() throws(SubwordError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw truncated() }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw SubwordError(
      .malformed, "expected a number of at most 10 bytes, found a longer one",
      at: "byte \(rest.startIndex)")
  }

  private mutating func fixed(_ count: Int) throws(SubwordError) -> UInt64 {
    guard rest.count >= count else { throw truncated() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func truncated() -> SubwordError {
    SubwordError(
      .malformed, "expected more bytes, found the end; the file may be truncated",
      at: "byte \(rest.endIndex)")
  }
}

extension ProtobufReader.Value {
  func bytes(_ name: String) throws(SubwordError) -> ArraySlice<UInt8> {
    guard case .bytes(let bytes) = self else { throw mismatch(name) }
    return bytes
  }

  func string(_ name: String) throws(SubwordError) -> String {
    guard let text = String(validating: try bytes(name), as: UTF8.self) else {
      throw SubwordError(.malformed, "expected UTF-8 in \(name), found other bytes")
    }
    return text
  }

  func integer(_ name: String) throws(SubwordError) -> Int {
    guard case .varint(let value) = self else { throw mismatch(name) }
    return Int(Int32(truncatingIfNeeded: value))
  }

  /// A number of up to 64 bits.
  func wideInteger(_ name: String) throws(SubwordError) -> Int {
    guard case .varint(let value) = self else { throw mismatch(name) }
    return Int(Int64(bitPattern: value))
  }

  /// The field in wire format, as it is written.
  func field(_ number: Int) -> [UInt8] {
    var writer = ProtobufWriter()
    switch self {
    case .varint(let value): writer.integer(number, Int(Int64(bitPattern: value)))
    case .fixed32(let bits): writer.float(number, Float(bitPattern: bits))
    case .fixed64(let bits): writer.fixed64(number, bits)
    case .bytes(let bytes): writer.data(number, bytes)
    }
    return writer.bytes
  }

  func float(_ name: String) throws(SubwordError) -> Float {
    guard case .fixed32(let bits) = self else { throw mismatch(name) }
    return Float(bitPattern: bits)
  }

  private func mismatch(_ name: String) -> SubwordError {
    SubwordError(
      .malformed, "expected another wire type for \(name); this is not a SentencePiece model")
  }
}
