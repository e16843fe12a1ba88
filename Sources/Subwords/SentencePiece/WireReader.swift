// SPDX-License-Identifier: Apache-2.0

/// Reads Protocol Buffers' wire format: enough of it for sentencepiece's model files.
struct WireReader {
  /// A field's value; groups do not occur in the files that this reads.
  enum Value {
    case number(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field's number and value, or nil at the end.
  mutating func next() throws(SubwordError) -> (field: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try varint()
    let field = Int(truncatingIfNeeded: key >> 3)
    switch key & 7 {
    case 0: return (field, .number(try varint()))
    case 1:
      _ = try take(8)
      return (field, .number(0))
    case 2:
      let size = try varint()
      guard size <= UInt64(rest.count) else { throw cutOff }
      return (field, .bytes(try take(Int(size))))
    case 5:
      let bytes = try take(4)
      return (field, .fixed32(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }))
    default: throw SubwordError(.format, "not a sentencepiece model: an impossible field type")
    }
  }

  private mutating func varint() throws(SubwordError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw cutOff }
      value |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw SubwordError(.format, "not a sentencepiece model: a number that does not end")
  }

  private mutating func take(_ count: Int) throws(SubwordError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw cutOff }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private var cutOff: SubwordError {
    SubwordError(.format, "the sentencepiece model is cut off; fetch it again")
  }
}
