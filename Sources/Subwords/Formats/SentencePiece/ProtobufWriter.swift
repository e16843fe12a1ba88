// SPDX-License-Identifier: Apache-2.0

/// Writes the fields of a protocol-buffers message (proto2 wire format).
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func key(_ number: Int, wireType: UInt64) {
    varint(UInt64(number) << 3 | wireType)
  }

  /// An integer, an enumeration's value or a flag; negative numbers take ten bytes.
  mutating func integer(_ number: Int, _ value: Int) {
    key(number, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func flag(_ number: Int, _ value: Bool) { integer(number, value ? 1 : 0) }

  mutating func float(_ number: Int, _ value: Float) {
    key(number, wireType: 5)
    for shift in [0, 8, 16, 24] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }

  mutating func fixed64(_ number: Int, _ bits: UInt64) {
    key(number, wireType: 1)
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
  }

  mutating func string(_ number: Int, _ value: String) { data(number, value.utf8) }

  /// Bytes, a string or a message.
  mutating func data(_ number: Int, _ value: some Collection<UInt8>) {
    key(number, wireType: 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Fields that are already in wire format.
  mutating func append(_ fields: [UInt8]) { bytes += fields }
}
