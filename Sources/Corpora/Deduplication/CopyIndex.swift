// SPDX-License-Identifier: Apache-2.0

/// Remembers texts, and finds the first that another one copies.
protocol CopyIndex {
  /// What a text is known by.
  associatedtype Key: Sendable

  /// Whether nothing more fits.
  var isFull: Bool { get }
  /// How many texts it has.
  var count: Int { get }

  /// The first text that the key is a copy of, and how alike they are.
  mutating func find(_ key: Key) -> (item: Int, likeness: Double)?
  /// Remembers a text, at a place; only while it is not full.
  mutating func insert(_ key: Key, at place: RecordPlace)
  /// Where a text is.
  func place(of item: Int) -> RecordPlace
  /// Counts a copy of a text and says how many there are.
  mutating func noteCopy(of item: Int) -> Int
  /// How many texts have copies.
  var groupCount: Int { get }
  /// Forgets everything.
  mutating func removeAll()
}

/// Finds equal texts by their fingerprints, in an open hash table of bounded size.
struct ExactIndex: CopyIndex {
  typealias Key = TextFingerprint

  /// What an entry and its share of the slots take, in bytes.
  static let bytesPerItem = 16 + 8 + 4 + 8

  private let capacity: Int
  /// One more than the entry's number, or 0 for a free slot, of which at least half are.
  private var slots: [UInt32] = []
  private var high: [UInt64] = []
  private var low: [UInt64] = []
  private var places: [UInt64] = []
  private var copies: [UInt32] = []

  /// An index that takes no more than so many bytes.
  init(memory: Int) {
    // While arrays grow, the old ones are there beside the new ones, which are up to twice as large.
    capacity = min(max(1, memory / (3 * Self.bytesPerItem)), Int(UInt32.max) - 1)
    removeAll()
  }

  var count: Int { high.count }
  var isFull: Bool { count >= capacity }
  var groupCount: Int { copies.count { $0 > 0 } }

  mutating func find(_ key: TextFingerprint) -> (item: Int, likeness: Double)? {
    var slot = Int(truncatingIfNeeded: key.low) & (slots.count - 1)
    while slots[slot] != 0 {
      let item = Int(slots[slot]) - 1
      if low[item] == key.low, high[item] == key.high { return (item, 1) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func insert(_ key: TextFingerprint, at place: RecordPlace) {
    if 2 * (count + 1) > slots.count { grow() }
    high.append(key.high)
    low.append(key.low)
    places.append(place.rawValue)
    copies.append(0)
    link(count - 1)
  }

  func place(of item: Int) -> RecordPlace { RecordPlace(rawValue: places[item]) }

  mutating func noteCopy(of item: Int) -> Int {
    copies[item] &+= 1
    return Int(copies[item])
  }

  mutating func removeAll() {
    slots = [UInt32](repeating: 0, count: 1024)
    high = []
    low = []
    places = []
    copies = []
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for item in high.indices { link(item) }
  }

  private mutating func link(_ item: Int) {
    var slot = Int(truncatingIfNeeded: low[item]) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(item + 1)
  }
}
