// SPDX-License-Identifier: Apache-2.0

/// A line that is to be kept or removed, with what it is known by.
struct CopyItem<Key: SpoolKey>: Sendable {
  var place: RecordPlace
  var key: Key
  var line: [UInt8]
}

/// What a text is known by, as far as it can be laid down in a file.
protocol SpoolKey: Sendable {
  /// Appends the key.
  func encode(to bytes: inout [UInt8])
  /// How many bytes a key takes; the same for all keys of a run but for those that say so themselves.
  static func decode(_ bytes: ArraySlice<UInt8>) -> Self
}

extension TextFingerprint: SpoolKey {
  func encode(to bytes: inout [UInt8]) {
    bytes.appendWord(high)
    bytes.appendWord(low)
  }

  static func decode(_ bytes: ArraySlice<UInt8>) -> TextFingerprint {
    TextFingerprint(high: bytes.word(at: 0), low: bytes.word(at: 8))
  }
}

extension NearIndex.Key: SpoolKey {
  func encode(to bytes: inout [UInt8]) {
    fingerprint.encode(to: &bytes)
    for value in sketch { bytes += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
  }

  static func decode(_ bytes: ArraySlice<UInt8>) -> NearIndex.Key {
    let start = bytes.startIndex + 16
    let sketch = stride(from: start, to: bytes.endIndex, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return NearIndex.Key(sketch: sketch, fingerprint: .decode(bytes))
  }
}

extension [UInt8] {
  /// Appends eight bytes, the least first.
  mutating func appendWord(_ word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
}

extension ArraySlice<UInt8> {
  /// Eight bytes at an offset from the start, the least first.
  func word(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(self[startIndex + offset + $1]) << UInt64(8 * $1) }
  }
}
