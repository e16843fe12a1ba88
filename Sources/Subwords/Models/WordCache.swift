// SPDX-License-Identifier: Apache-2.0

/// The ids of words that one thread has met, since words repeat.
///
/// Its memory is bounded, some megabyte: when it is full it starts anew. What it holds never changes a
/// result.
///
/// `@unchecked Sendable` because one thread uses it at a time: it belongs to a ``ModelScratch``, which is
/// taken out of the tokenizer's pool for as long as it is used.
final class WordCache: @unchecked Sendable {
  /// A word as bytes, and its hash.
  struct Key {
    /// What the bytes are: text as it stands, or normalised.
    enum Kind: UInt64 {
      case raw = 0
      case normal = 0x5851_F42D_4C95_7F2D
    }

    fileprivate let start: UnsafePointer<UInt8>
    fileprivate let count: Int
    fileprivate let hash: UInt64
    fileprivate let kind: Kind

    /// At most ``WordCache/longestKey`` bytes, and at least one.
    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, _ count: Int, kind: Kind) {
      self.start = start
      self.count = count
      self.kind = kind
      hash = WordCache.hash(start, count) ^ kind.rawValue
    }
  }

  /// What is known of a word, one record of memory: this header, the word's bytes, filled up to whole
  /// words of four, and the ids.
  struct Entry {
    fileprivate struct Header: BitwiseCopyable {
      var keyCount: UInt8
      var isRaw: Bool
      var idCount: UInt8
      var gap: Float
      var magnitude: Float
    }

    fileprivate let record: UnsafeMutablePointer<UInt32>
    fileprivate static let headerSize = MemoryLayout<Header>.stride / 4

    @inline(__always)
    fileprivate var header: Header { UnsafeRawPointer(record).load(as: Header.self) }
    @inline(__always)
    fileprivate var key: UnsafeRawPointer { UnsafeRawPointer(record + Self.headerSize) }

    /// By how much the best way to cut it is better than any other; see ``FreeCut``.
    @inline(__always)
    var gap: Float { header.gap }
    /// How far its scores reach.
    @inline(__always)
    var magnitude: Float { header.magnitude }
    /// The ids.
    @inline(__always)
    var ids: UnsafeBufferPointer<Int32> {
      let start = key + (Int(header.keyCount) &+ 3) & ~3
      return UnsafeBufferPointer(
        start: start.assumingMemoryBound(to: Int32.self), count: Int(header.idCount))
    }
  }

  /// A place of the hash table: where the record is, plus one, and above it as much of the hash as fits.
  ///
  /// Records come in the order in which words were met, so that those of one text lie together.
  private typealias Slot = UInt32
  private static let recordBits: UInt32 = 18
  private static let recordMask: UInt32 = 1 << recordBits - 1

  /// Longer words, in bytes, are not kept.
  static let longestKey = 64
  private static let capacity = 1 << 14
  private static let mask = capacity * 2 - 1
  /// In units of four bytes; all their places fit into a slot.
  private static let recordsCapacity = 1 << recordBits - 1

  private let slots = UnsafeMutablePointer<Slot>.allocate(capacity: mask + 1)
  private let records = UnsafeMutablePointer<UInt32>.allocate(capacity: recordsCapacity)
  private var count = 0
  private var used = 0

  init() { slots.initialize(repeating: 0, count: Self.mask + 1) }

  deinit {
    slots.deallocate()
    records.deallocate()
  }

  /// A number for a stretch of bytes that is not empty.
  @inline(__always)
  private static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let pointer = UnsafeRawPointer(start)
    var rest = count
    var offset = 0
    var hash = UInt64(truncatingIfNeeded: rest) &* 0x9E37_79B9_7F4A_7C15
    while rest >= 8 {
      hash = mix(hash ^ pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
      rest &-= 8
    }
    if rest >= 4 {
      let low = pointer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let high = pointer.loadUnaligned(fromByteOffset: offset &+ rest &- 4, as: UInt32.self)
      hash = mix(hash ^ (UInt64(high) << 32 | UInt64(low)))
    } else if rest > 0 {
      let first = UInt64(start[offset])
      let middle = UInt64(start[offset &+ rest / 2])
      let last = UInt64(start[offset &+ rest &- 1])
      hash = mix(hash ^ (first | middle << 8 | last << 16 | UInt64(rest) << 24))
    }
    return hash
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  /// What is known of the word, if anything.
  @inline(__always)
  func find(_ key: Key) -> Entry? {
    var index = Int(truncatingIfNeeded: key.hash) & Self.mask
    let tag = Self.tag(key)
    while true {
      let slot = slots[index]
      guard slot != 0 else { return nil }
      if slot & ~Self.recordMask == tag {
        let entry = Entry(record: records + Int(slot & Self.recordMask &- 1))
        let header = entry.header
        if Int(header.keyCount) == key.count, header.isRaw == (key.kind == .raw),
          Self.areEqual(entry.key, UnsafeRawPointer(key.start), key.count)
        {
          return entry
        }
      }
      index = (index &+ 1) & Self.mask
    }
  }

  @inline(__always)
  private static func tag(_ key: Key) -> Slot {
    UInt32(truncatingIfNeeded: key.hash >> 32) & ~recordMask
  }

  @inline(__always)
  private static func areEqual(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int
  ) -> Bool {
    func differ<Word: FixedWidthInteger>(_ offset: Int, as type: Word.Type) -> Bool {
      left.loadUnaligned(fromByteOffset: offset, as: type)
        != right.loadUnaligned(fromByteOffset: offset, as: type)
    }
    guard count >= 8 else {
      if count >= 4 {
        return !differ(0, as: UInt32.self) && !differ(count &- 4, as: UInt32.self)
      }
      return !differ(0, as: UInt8.self) && !differ(count / 2, as: UInt8.self)
        && !differ(count &- 1, as: UInt8.self)
    }
    var offset = 0
    while offset &+ 8 <= count {
      if differ(offset, as: UInt64.self) { return false }
      offset &+= 8
    }
    return !differ(count &- 8, as: UInt64.self)
  }

  /// Keeps a word that is not there yet.
  func insert(
    _ key: Key, ids: UnsafeBufferPointer<Int32>, gap: Float = 0, magnitude: Float = 0
  ) {
    guard ids.count < 256 else { return }
    let keySize = (key.count + 3) / 4
    let size = Entry.headerSize + keySize + ids.count
    if count == Self.capacity || used + size > Self.recordsCapacity {
      slots.update(repeating: 0, count: Self.mask + 1)
      (count, used) = (0, 0)
    }
    var index = Int(truncatingIfNeeded: key.hash) & Self.mask
    while slots[index] != 0 { index = (index &+ 1) & Self.mask }
    slots[index] = Self.tag(key) | UInt32(used + 1)
    let record = records + used
    UnsafeMutableRawPointer(record).storeBytes(
      of: Entry.Header(
        keyCount: UInt8(key.count), isRaw: key.kind == .raw, idCount: UInt8(ids.count), gap: gap,
        magnitude: magnitude), as: Entry.Header.self)
    UnsafeMutableRawPointer(record + Entry.headerSize).copyMemory(
      from: key.start, byteCount: key.count)
    let target = UnsafeMutableRawPointer(record + Entry.headerSize + keySize)
      .assumingMemoryBound(to: Int32.self)
    for place in 0..<ids.count { target[place] = ids[place] }
    used += size
    count += 1
  }
}

extension ModelScratch {
  /// Appends the ids of a word: from memory, or as `cut` finds them.
  @inline(__always)
  mutating func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to sink: inout IDSink,
    _ cut: (inout ModelScratch, inout IDSink) -> Void
  ) {
    guard let base = bytes.baseAddress, 1...WordCache.longestKey ~= range.count else {
      cut(&self, &sink)
      return
    }
    let key = WordCache.Key(base + range.lowerBound, range.count, kind: .normal)
    if let entry = words.find(key) {
      sink.append(entry.ids)
      return
    }
    let first = sink.count
    cut(&self, &sink)
    words.insert(key, ids: sink.ids(from: first))
  }
}
