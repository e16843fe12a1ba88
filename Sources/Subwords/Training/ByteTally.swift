// SPDX-License-Identifier: Apache-2.0

/// Counts of byte strings: an open-addressing table over one arena of bytes.
struct ByteTally {
  /// What the table takes, in bytes.
  private(set) var memory = 0
  private(set) var bytes: [UInt8] = []
  private(set) var counts: [Int64] = []
  private var starts: [Int] = [0]
  private var hashes: [UInt32] = []
  /// 1 + the entry, or 0 for none; the length is a power of two.
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  var count: Int { counts.count }

  /// What an entry costs beside its bytes, with its share of the slots.
  private static let overhead = 8 + 8 + 4 + 12

  func range(_ entry: Int) -> Range<Int> { starts[entry]..<starts[entry + 1] }

  @inline(__always)
  static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var index = 0
    let raw = UnsafeRawBufferPointer(key)
    while index + 8 <= key.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
      index += 8
    }
    while index < key.count {
      hash = (hash ^ UInt64(key[index])) &* 0x0000_0100_0000_01B3
      index += 1
    }
    hash ^= hash >> 29
    hash = hash &* 0xC4CE_B9FE_1A85_EC53
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  /// Adds `count` to what is known of `key`.
  mutating func add(_ key: UnsafeBufferPointer<UInt8>, _ count: Int64) {
    guard !key.isEmpty else { return }
    let hash = Self.hash(key)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = Int(slots[slot]) - 1
      if hashes[entry] == hash, isKey(key, entry) {
        counts[entry] += count
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes.append(contentsOf: key)
    starts.append(bytes.count)
    counts.append(count)
    hashes.append(hash)
    slots[slot] = UInt32(counts.count)
    memory += key.count + Self.overhead
    if counts.count * 2 > slots.count { grow() }
  }

  @inline(__always)
  private func isKey(_ key: UnsafeBufferPointer<UInt8>, _ entry: Int) -> Bool {
    let start = starts[entry]
    guard starts[entry + 1] - start == key.count else { return false }
    for index in 0..<key.count where bytes[start + index] != key[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (entry, hash) in hashes.enumerated() {
      var slot = Int(hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(entry + 1)
    }
  }

  /// The entries in the order of their bytes.
  var order: [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      starts.withUnsafeBufferPointer { starts in
        (0..<count).sorted { left, right in
          ByteOrder.isBefore(
            UnsafeBufferPointer(rebasing: bytes[starts[left]..<starts[left + 1]]),
            UnsafeBufferPointer(rebasing: bytes[starts[right]..<starts[right + 1]]))
        }
      }
    }
  }
}

/// The order of byte strings: byte by byte, a prefix before what goes on.
enum ByteOrder {
  @inline(__always)
  static func isBefore(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] { return left[index] < right[index] }
    return left.count < right.count
  }
}
