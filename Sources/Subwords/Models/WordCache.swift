// SPDX-License-Identifier: Apache-2.0

/// The ids of words that one thread has met, since words repeat.
///
/// Its memory is bounded, some 3 MB: when it is full it starts anew. What it holds never changes a
/// result.
///
/// `@unchecked Sendable` because one thread uses it at a time: it belongs to a ``ModelScratch``, which is
/// taken out of the tokenizer's pool for as long as it is used.
final class WordCache: @unchecked Sendable {
  /// What is known of a word.
  struct Entry: BitwiseCopyable {
    fileprivate var key: UInt32 = 0
    fileprivate(set) var ids: UInt32 = 0
    fileprivate(set) var steps: UInt32 = 0
    fileprivate var keyCount: UInt8 = 0
    fileprivate var isRaw = false
    fileprivate(set) var idCount: UInt8 = 0
    fileprivate(set) var stepCount: UInt8 = 0
    /// By how much the best way to cut it is better than any other, and how far its scores reach.
    fileprivate(set) var gap: Float = 0
    fileprivate(set) var magnitude: Float = 0
  }

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

  /// A place of the hash table: half of the hash, and one more than the number of the entry, which come in
  /// the order in which words were met, so that those of one text lie together.
  private struct Slot: BitwiseCopyable {
    var tag: UInt32 = 0
    var entry: UInt32 = 0
  }

  /// Longer words, in bytes, are not kept.
  static let longestKey = 64
  private static let capacity = 1 << 14
  private static let mask = capacity * 2 - 1
  private static let keyCapacity = capacity * 16
  private static let idCapacity = capacity * 6

  private let slots = UnsafeMutablePointer<Slot>.allocate(capacity: mask + 1)
  private let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
  private let keys = UnsafeMutablePointer<UInt8>.allocate(capacity: keyCapacity)
  private let ids = UnsafeMutablePointer<Int32>.allocate(capacity: idCapacity)
  private let steps = UnsafeMutablePointer<Double>.allocate(capacity: idCapacity)
  private var count = 0
  private var keyCount = 0
  private var idCount = 0
  private var stepCount = 0

  init() { slots.initialize(repeating: Slot(), count: Self.mask + 1) }

  deinit {
    slots.deallocate()
    entries.deallocate()
    keys.deallocate()
    ids.deallocate()
    steps.deallocate()
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
    let tag = UInt32(truncatingIfNeeded: key.hash >> 32)
    while slots[index].entry != 0 {
      if slots[index].tag == tag {
        let entry = entries[Int(slots[index].entry) &- 1]
        if Int(entry.keyCount) == key.count, entry.isRaw == (key.kind == .raw),
          matches(keys + Int(entry.key), key.start, key.count)
        {
          return entry
        }
      }
      index = (index &+ 1) & Self.mask
    }
    return nil
  }

  @inline(__always)
  private func matches(
    _ key: UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    let left = UnsafeRawPointer(key)
    let right = UnsafeRawPointer(start)
    var offset = 0
    while offset &+ 8 <= count {
      if left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      {
        return false
      }
      offset &+= 8
    }
    while offset < count {
      if key[offset] != start[offset] { return false }
      offset &+= 1
    }
    return true
  }

  /// Keeps a word.
  func insert(
    _ key: Key, ids newIDs: ArraySlice<Int32>,
    steps newSteps: UnsafeBufferPointer<Double> = .init(start: nil, count: 0), gap: Float = 0,
    magnitude: Float = 0
  ) {
    guard newIDs.count < 256, newSteps.count < 256 else { return }
    if count == Self.capacity || keyCount + key.count > Self.keyCapacity
      || idCount + newIDs.count > Self.idCapacity || stepCount + newSteps.count > Self.idCapacity
    {
      slots.update(repeating: Slot(), count: Self.mask + 1)
      (count, keyCount, idCount, stepCount) = (0, 0, 0, 0)
    }
    var index = Int(truncatingIfNeeded: key.hash) & Self.mask
    while slots[index].entry != 0 { index = (index + 1) & Self.mask }
    slots[index] = Slot(tag: UInt32(truncatingIfNeeded: key.hash >> 32), entry: UInt32(count + 1))
    (entries + count).initialize(
      to: Entry(
        key: UInt32(keyCount), ids: UInt32(idCount), steps: UInt32(stepCount),
        keyCount: UInt8(key.count), isRaw: key.kind == .raw, idCount: UInt8(newIDs.count),
        stepCount: UInt8(newSteps.count),
        gap: gap, magnitude: magnitude))
    (keys + keyCount).update(from: key.start, count: key.count)
    for id in newIDs {
      ids[idCount] = id
      idCount += 1
    }
    for step in newSteps {
      steps[stepCount] = step
      stepCount += 1
    }
    keyCount += key.count
    count += 1
  }

  /// The ids of a word that was found.
  @inline(__always)
  func ids(of entry: Entry) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: ids + Int(entry.ids), count: Int(entry.idCount))
  }

  /// The scores of the pieces of a word that was found.
  @inline(__always)
  func steps(of entry: Entry) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: steps + Int(entry.steps), count: Int(entry.stepCount))
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
      sink.append(words.ids(of: entry))
      return
    }
    let first = sink.ids.count
    cut(&self, &sink)
    words.insert(key, ids: sink.ids[first...])
  }
}
