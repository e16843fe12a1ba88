// SPDX-License-Identifier: Apache-2.0

/// Sets of scalars as tables that share their memory: one test is two reads.
///
/// Each table has one number for each 256 scalars, that of a block of 256 bits.
final class ScalarTables: Sendable {
  static let pageCount = 0x1100
  private let pages: FixedArray<UInt16>
  private let blocks: FixedArray<UInt64>
  /// The first 128 bits of each table.
  private let ascii: FixedArray<UInt64>

  init(_ sets: [ScalarSet]) {
    var pages = [UInt16]()
    var blocks = [UInt64]()
    var ascii = [UInt64]()
    var known = [[UInt64]: UInt16]()
    for set in sets {
      var index = 0
      for page in 0..<UInt32(Self.pageCount) {
        let block = Self.block(set.ranges, page << 8, &index)
        if page == 0 { ascii += block[..<2] }
        let number = known[block] ?? UInt16(truncatingIfNeeded: blocks.count / 4)
        if known[block] == nil {
          known[block] = number
          blocks += block
        }
        pages.append(number)
      }
    }
    self.pages = FixedArray(pages)
    self.blocks = FixedArray(blocks)
    self.ascii = FixedArray(ascii)
  }

  /// The bits of 256 scalars from `base` on; `index` is the first range that may reach them.
  private static func block(
    _ ranges: [ClosedRange<UInt32>], _ base: UInt32, _ index: inout Int
  ) -> [UInt64] {
    var block: [UInt64] = [0, 0, 0, 0]
    while index < ranges.count, ranges[index].upperBound < base { index += 1 }
    var next = index
    while next < ranges.count, ranges[next].lowerBound <= base + 255 {
      let range = ranges[next]
      for scalar in max(base, range.lowerBound)...min(base + 255, range.upperBound) {
        block[Int(scalar - base) >> 6] |= 1 << UInt64(scalar & 63)
      }
      next += 1
    }
    return block
  }

  @inline(__always)
  func contains(_ scalar: UInt32, table: Int) -> Bool {
    let block = Int(pages[table &* Self.pageCount &+ Int(scalar >> 8)]) << 2
    return blocks[block &+ Int(scalar >> 6 & 3)] >> UInt64(scalar & 63) & 1 != 0
  }

  @inline(__always)
  func containsASCII(_ byte: UInt8, table: Int) -> Bool {
    ascii[table &* 2 &+ Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0
  }

  /// The length of the scalar at `index` if it is in the set, else 0.
  @inline(__always)
  func length(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, before end: Int, table: Int
  ) -> Int {
    guard index < end else { return 0 }
    let byte = bytes[index]
    if byte < 0x80 { return containsASCII(byte, table: table) ? 1 : 0 }
    let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
    return contains(scalar, table: table) ? length : 0
  }
}
