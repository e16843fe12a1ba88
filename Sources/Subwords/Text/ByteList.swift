// SPDX-License-Identifier: Apache-2.0

/// Byte strings back to back in one array.
struct ByteList: RandomAccessCollection {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  init() {}

  init(_ strings: some Sequence<some Sequence<UInt8>>) {
    for string in strings { append(string) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { starts.count - 1 }

  subscript(index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    starts.append(bytes.count)
  }

  /// Appends the UTF-8 of scalars.
  mutating func append(_ scalars: some Sequence<Unicode.Scalar>) {
    for scalar in scalars {
      let value = scalar.value
      switch value {
      case ..<0x80: bytes.append(UInt8(value))
      case ..<0x800:
        bytes.append(UInt8(0xC0 | value >> 6))
        bytes.append(UInt8(0x80 | value & 0x3F))
      case ..<0x10000:
        bytes.append(UInt8(0xE0 | value >> 12))
        bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | value & 0x3F))
      default:
        bytes.append(UInt8(0xF0 | value >> 18))
        bytes.append(UInt8(0x80 | value >> 12 & 0x3F))
        bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | value & 0x3F))
      }
    }
    starts.append(bytes.count)
  }

  /// Lends all bytes, and where each string begins and the last one ends.
  func withBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<Int>) throws -> Result
  ) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      try starts.withUnsafeBufferPointer { try body(bytes, $0) }
    }
  }
}
