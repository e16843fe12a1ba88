// SPDX-License-Identifier: Apache-2.0

/// The pieces of a byte-pair trainer in UTF-8, each once, with what their order and length are asked for.
struct PieceInventory: ~Copyable {
  private var bytes = TrainingBuffer<UInt8>(capacity: 1 << 12)
  private var starts = TrainingBuffer<Int>(repeating: 0, count: 1)
  /// The first eight bytes of each piece, the first one highest: most comparisons end here.
  private var keys = TrainingBuffer<UInt64>()
  /// How many scalars of text each piece stands for, affixes not counted.
  private var lengths = TrainingBuffer<Int32>()
  /// Looked up once for each merge and never iterated.
  private var indices: [[UInt8]: Int32] = [:]

  var count: Int { lengths.count }

  /// The bytes of a piece.
  func spelling(_ piece: Int32) -> [UInt8] {
    let (start, end) = (starts.base[Int(piece)], starts.base[Int(piece) + 1])
    return Array(UnsafeBufferPointer(start: bytes.base + start, count: end - start))
  }

  /// How many scalars of text a piece stands for.
  @inline(__always)
  func length(_ piece: Int32) -> Int { Int(lengths.base[Int(piece)]) }

  /// The index of a piece, which is made if it is not there.
  mutating func insert(_ spelling: [UInt8], length: Int) -> Int32 {
    if let index = indices[spelling] { return index }
    let index = Int32(count)
    indices[spelling] = index
    var key: UInt64 = 0
    for place in 0..<8 { key = key << 8 | (place < spelling.count ? UInt64(spelling[place]) : 0) }
    for byte in spelling { bytes.append(byte) }
    starts.append(bytes.count)
    keys.append(key)
    lengths.append(Int32(clamping: length))
    return index
  }

  /// Whether the bytes of one piece come before those of another one.
  @inline(__always)
  func precedes(_ one: Int32, _ other: Int32) -> Bool {
    let (a, b) = (keys.base[Int(one)], keys.base[Int(other)])
    return a != b ? a < b : precedesBeyondKey(one, other)
  }

  private func precedesBeyondKey(_ one: Int32, _ other: Int32) -> Bool {
    spelling(one).lexicographicallyPrecedes(spelling(other))
  }
}
