// SPDX-License-Identifier: Apache-2.0

/// The ids of words that one thread has met, since words repeat.
///
/// Its memory is bounded, some 6 MB: when it is full it starts anew. What it holds never changes a
/// result.
///
/// `@unchecked Sendable` because one thread uses it at a time: it belongs to a ``ModelScratch``, which is
/// taken out of the tokenizer's pool for as long as it is used.
final class WordCache: @unchecked Sendable {
  /// What is known of a word.
  struct Entry: BitwiseCopyable {
    fileprivate var hash: UInt64 = 0
    fileprivate var key: UInt32 = 0
    fileprivate(set) var ids: UInt32 = 0
    fileprivate var keyCount: UInt8 = 0
    fileprivate(set) var idCount: UInt8 = 0
    fileprivate(set) var stepCount: UInt8 = 0
    fileprivate(set) var steps: UInt32 = 0
    /// By how much the best way to cut it is better than any other, and how far its scores reach.
    fileprivate(set) var gap: Float = 0
    fileprivate(set) var magnitude: Float = 0
  }

  /// Longer words, in bytes, are not kept.
  static let longestKey = 64
  private static let capacity = 1 << 16
  private static let keyCapacity = 1 << 20
  private static let idCapacity = 1 << 18

  private let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
  private let keys = UnsafeMutablePointer<UInt8>.allocate(capacity: keyCapacity)
  private let ids = UnsafeMutablePointer<Int32>.allocate(capacity: idCapacity)
  private let steps = UnsafeMutablePointer<Double>.allocate(capacity: idCapacity)
  private var count = 0
  private var keyCount = 0
  private var idCount = 0
  private var stepCount = 0

  init() { entries.initialize(repeating: Entry(), count: Self.capacity) }

  deinit {
    entries.deallocate()
    keys.deallocate()
    ids.deallocate()
    steps.deallocate()
  }

  /// A number for a stretch of bytes that is not empty.
  @inline(__always)
  static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
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
    // Zero marks an empty place.
    return hash | 1
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  /// What is known of the word, if anything.
  @inline(__always)
  func find(_ hash: UInt64, _ start: UnsafePointer<UInt8>, _ count: Int) -> Entry? {
    var index = Int(truncatingIfNeeded: hash >> 20) & (Self.capacity - 1)
    while entries[index].hash != 0 {
      if entries[index].hash == hash, Int(entries[index].keyCount) == count,
        matches(keys + Int(entries[index].key), start, count)
      {
        return entries[index]
      }
      index = (index &+ 1) & (Self.capacity - 1)
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

  /// Keeps a word of at most ``longestKey`` bytes.
  func insert(
    _ hash: UInt64, _ start: UnsafePointer<UInt8>, _ length: Int, ids newIDs: ArraySlice<Int32>,
    steps newSteps: UnsafeBufferPointer<Double> = .init(start: nil, count: 0), gap: Float = 0,
    magnitude: Float = 0
  ) {
    guard newIDs.count < 256, newSteps.count < 256 else { return }
    if count * 2 >= Self.capacity || keyCount + length > Self.keyCapacity
      || idCount + newIDs.count > Self.idCapacity || stepCount + newSteps.count > Self.idCapacity
    {
      entries.update(repeating: Entry(), count: Self.capacity)
      (count, keyCount, idCount, stepCount) = (0, 0, 0, 0)
    }
    var index = Int(truncatingIfNeeded: hash >> 20) & (Self.capacity - 1)
    while entries[index].hash != 0 { index = (index + 1) & (Self.capacity - 1) }
    entries[index] = Entry(
      hash: hash, key: UInt32(keyCount), ids: UInt32(idCount), keyCount: UInt8(length),
      idCount: UInt8(newIDs.count), stepCount: UInt8(newSteps.count), steps: UInt32(stepCount),
      gap: gap, magnitude: magnitude)
    (keys + keyCount).update(from: start, count: length)
    for id in newIDs {
      ids[idCount] = id
      idCount += 1
    }
    for step in newSteps {
      steps[stepCount] = step
      stepCount += 1
    }
    keyCount += length
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
    guard let base = bytes.baseAddress, range.count <= WordCache.longestKey else {
      cut(&self, &sink)
      return
    }
    let start = base + range.lowerBound
    let hash = WordCache.hash(start, range.count)
    if let entry = words.find(hash, start, range.count) {
      sink.append(words.ids(of: entry))
      return
    }
    let first = sink.ids.count
    cut(&self, &sink)
    words.insert(hash, start, range.count, ids: sink.ids[first...])
  }
}
