// SPDX-License-Identifier: Apache-2.0

/// A trie over byte strings in one array of 32-bit units.
///
/// The unit layout is that of XOR-based compressed double arrays, as found inside SentencePiece's
/// `precompiled_charsmap`: bits 0-7 the label of the edge into the unit, bit 8 whether a value
/// hangs below it, bits 10-30 the offset to its children (shifted by 8 where bit 9 is set); a unit
/// with bit 31 holds a value. One array serves both normalisation rules and vocabularies.
///
/// A walk costs one array access per byte. Arrays that come from a file are trusted in nothing:
/// every access is checked against the length, so a hostile array can give wrong matches, never
/// a read outside.
struct DoubleArray: Sendable {
  let units: FixedArray<UInt32>

  init(units: [UInt32]) { self.units = FixedArray(units) }

  /// Where the walk stands; starts at the root.
  struct State {
    var position: Int
  }

  @inline(__always)
  private static func offset(_ unit: UInt32) -> Int {
    Int((unit >> 10) << ((unit & (1 << 9)) >> 6))
  }

  /// Where the children of the unit at `index` are: at this number, exclusive or the label.
  static func children(of index: Int, _ unit: UInt32) -> Int { index ^ offset(unit) }

  @inline(__always)
  var root: State { State(position: units.count == 0 ? 0 : Self.offset(units[0])) }

  /// Follows `byte` from `state`.
  ///
  /// Returns nil if no key goes on that way, else the value of the key that ends here, or -1.
  @inline(__always)
  static func step(
    _ units: UnsafeBufferPointer<UInt32>, _ state: inout State, _ byte: UInt8
  ) -> Int32? {
    let next = state.position ^ Int(byte)
    guard next < units.count else { return nil }
    let unit = units[next]
    guard unit & (1 << 31 | 0xFF) == UInt32(byte), byte != 0 else { return nil }
    state.position = next ^ offset(unit)
    guard unit & (1 << 8) != 0, state.position < units.count else { return -1 }
    return Int32(bitPattern: units[state.position] & 0x7FFF_FFFF)
  }

  /// Follows `byte` from `node` in an array that was built here, where every walk stays inside.
  ///
  /// Returns false if no key goes on that way; `value` is that of the key that ends there, or -1.
  @inline(__always)
  static func stepInside(
    _ units: UnsafePointer<UInt32>, _ node: inout Int, _ byte: UInt8, _ value: inout Int32
  ) -> Bool {
    let next = node ^ Int(byte)
    let unit = units[next]
    // A unit with a value has bit 31; a free one a label by which nothing leads there.
    guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return false }
    node = next ^ offset(unit)
    value = unit & (1 << 8) == 0 ? -1 : Int32(bitPattern: units[node] & 0x7FFF_FFFF)
    return true
  }

  /// The value of the key `bytes`; nil if it is not in the trie.
  func value(of bytes: some Sequence<UInt8>) -> Int32? {
    guard units.count > 0 else { return nil }
    return units.withUnsafeBufferPointer { units in
      var state = root
      var value: Int32 = -1
      for byte in bytes {
        guard let found = Self.step(units, &state, byte) else { return nil }
        value = found
      }
      return value < 0 ? nil : value
    }
  }
}
