// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Counts of byte strings: an open-addressing table over one arena of records.
///
/// A record is the count, the length and the bytes side by side, so that counting one more touches one slot and one
/// record. Slots hold 32 bits of the hash, and most strings that differ are told apart without a look at the record.
struct ByteTally: ~Copyable {
  /// The place of a record: its offset in the arena, in units of eight bytes.
  typealias Entry = UInt32

  /// A string that is to be counted, with its hash.
  struct Key: BitwiseCopyable {
    let start: UnsafePointer<UInt8>
    let count: Int
    let hash: UInt64

    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
      self.start = start
      self.count = count
      hash = ByteString.hash(start, count)
    }
  }

  /// How many strings there are.
  private(set) var count = 0
  /// The records, from `Self.first` to `end`.
  private var arena: UnsafeMutableRawPointer
  private var capacity: Int
  private var end = Self.first
  /// The upper half of the hash, and the entry; 0 for none.
  ///
  /// Their number is a power of two.
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotCount: Int

  /// Entry 0 stands for none.
  private static let first = 8
  /// Before the bytes of a record stand its count and its length.
  private static let header = 12
  private static let leastSlots = 1 << 10
  /// What the offsets of records can say.
  private static let limit = Int(Entry.max) * 8

  init() {
    capacity = 1 << 14
    guard let memory = calloc(capacity, 1) else {
      preconditionFailure("no memory for a table of \(capacity) bytes")
    }
    arena = memory
    slotCount = Self.leastSlots
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
  }

  deinit {
    free(arena)
    slots.deallocate()
  }

  /// What the table takes, in bytes.
  var memory: Int { end + slotCount * 8 }

  /// Whether a string of this length fits in.
  func hasRoom(for length: Int) -> Bool { end + Self.size(length) < Self.limit }

  /// Forgets everything; keeps the memory.
  mutating func removeAll() {
    count = 0
    end = Self.first
    slots.update(repeating: 0, count: slotCount)
  }

  /// The bytes of an entry, valid until the next change.
  @inline(__always)
  func bytes(_ entry: Entry) -> UnsafeBufferPointer<UInt8> {
    let record = arena + Int(entry) * 8
    return UnsafeBufferPointer(
      start: (record + Self.header).assumingMemoryBound(to: UInt8.self),
      count: Int(record.load(fromByteOffset: 8, as: UInt32.self)))
  }

  /// The count of an entry.
  @inline(__always)
  func count(of entry: Entry) -> Int64 {
    arena.load(fromByteOffset: Int(entry) * 8, as: Int64.self)
  }

  /// Calls back with each entry, in the order in which they came.
  func forEach<Failure: Error>(_ body: (Entry) throws(Failure) -> Void) throws(Failure) {
    var offset = Self.first
    while offset < end {
      let entry = Entry(truncatingIfNeeded: offset / 8)
      offset += Self.size(bytes(entry).count)
      try body(entry)
    }
  }

  /// Adds `amount` to what is known of a string, which is not empty.
  @inline(__always)
  mutating func add(_ key: Key, _ amount: Int64) {
    let mask = slotCount &- 1
    let tag = key.hash & 0xFFFF_FFFF_0000_0000
    var slot = Int(truncatingIfNeeded: key.hash) & mask
    while true {
      let found = slots[slot]
      if found == 0 { break }
      if found & 0xFFFF_FFFF_0000_0000 == tag {
        let record = arena + Int(found & 0xFFFF_FFFF) &* 8
        if record.load(fromByteOffset: 8, as: UInt32.self) == UInt32(truncatingIfNeeded: key.count),
          ByteString.areEqual(
            key.start, (record + Self.header).assumingMemoryBound(to: UInt8.self), key.count)
        {
          record.storeBytes(of: record.load(as: Int64.self) &+ amount, as: Int64.self)
          return
        }
      }
      slot = (slot &+ 1) & mask
    }
    insert(key, amount, tag, slot)
  }

  /// Adds 1 for each of some strings.
  ///
  /// Their slots and records are all read first: what is not in the cache is then fetched side by side instead of one
  /// after another.
  mutating func add(_ keys: UnsafeBufferPointer<Key>) {
    let mask = slotCount &- 1
    var sum: UInt64 = 0
    for key in keys {
      let entry = slots[Int(truncatingIfNeeded: key.hash) & mask] & 0xFFFF_FFFF
      sum &+= arena.load(fromByteOffset: Int(entry) &* 8, as: UInt64.self)
    }
    fetched = sum
    for key in keys { add(key, 1) }
  }
  /// Kept so that the reading above is not optimised away.
  private var fetched: UInt64 = 0

  private mutating func insert(_ key: Key, _ amount: Int64, _ tag: UInt64, _ slot: Int) {
    let size = Self.size(key.count)
    precondition(end + size < Self.limit, "a table of words beyond 32 GB")
    if end + size > capacity { growArena(end + size) }
    let record = arena + end
    record.storeBytes(of: amount, as: Int64.self)
    record.storeBytes(of: UInt32(key.count), toByteOffset: 8, as: UInt32.self)
    (record + Self.header).copyMemory(from: key.start, byteCount: key.count)
    slots[slot] = tag | UInt64(end / 8)
    end += size
    count += 1
    if count * 3 > slotCount * 2 { growSlots() }
  }

  /// What a record takes.
  @inline(__always)
  private static func size(_ length: Int) -> Int { (header &+ length &+ 7) & ~7 }

  private mutating func growArena(_ needed: Int) {
    // Large memory is moved without being copied, and pages that were never written take none.
    capacity = max(needed, capacity * 2)
    guard let larger = realloc(arena, capacity) else {
      preconditionFailure("no memory for a table of \(capacity) bytes")
    }
    arena = larger
  }

  private mutating func growSlots() {
    slots.deallocate()
    slotCount *= 2
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    let mask = slotCount - 1
    var offset = Self.first
    while offset < end {
      let entry = Entry(truncatingIfNeeded: offset / 8)
      let key = bytes(entry)
      offset += Self.size(key.count)
      guard let start = key.baseAddress else { continue }
      let hash = ByteString.hash(start, key.count)
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(entry)
    }
  }
}
