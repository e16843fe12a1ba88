// SPDX-License-Identifier: Apache-2.0

/// Writes JSON straight into bytes.
///
/// Embeddings are the hot path: a number is its shortest text that reads back as the same `Float`,
/// and nothing is boxed or keyed on the way.
struct JSONWriter {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// A writer that expects about so many bytes.
  init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  /// Writes an object whose members the closure writes.
  mutating func object<E: Error>(_ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
    try nested(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// Writes an array whose elements the closure writes.
  mutating func array<E: Error>(_ elements: (inout JSONWriter) throws(E) -> Void) throws(E) {
    try nested(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
  }

  /// Writes a member's key; its value must follow.
  mutating func key(_ name: String) {
    value(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member whose value is a string.
  mutating func member(_ name: String, _ text: String) {
    key(name)
    value(text)
  }

  /// Writes a member whose value is an integer.
  mutating func member(_ name: String, _ number: Int) {
    key(name)
    value(number)
  }

  /// Writes a member whose value is an array of strings.
  mutating func member(_ name: String, _ texts: [String]) {
    key(name)
    array { writer in for text in texts { writer.value(text) } }
  }

  /// Writes an integer.
  mutating func value(_ number: Int) {
    separate()
    bytes.append(contentsOf: number.description.utf8)
  }

  /// Writes a number, which must be finite, as the shortest text that reads back as the same.
  mutating func value(_ number: Float) {
    separate()
    bytes.append(contentsOf: number.description.utf8)
  }

  /// Writes an array of finite numbers.
  mutating func value(_ numbers: [Float]) {
    array { writer in for number in numbers { writer.value(number) } }
  }

  /// Writes a string.
  mutating func value(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func nested<E: Error>(
    _ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    separate()
    bytes.append(open)
    needsComma = false
    try content(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}
