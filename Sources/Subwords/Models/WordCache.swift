// SPDX-License-Identifier: Apache-2.0

/// The ids of words that one thread has met, since words repeat.
///
/// Its memory is bounded: when it is full it starts anew. What it holds never changes a result.
struct WordCache {
  /// What is known of a word.
  struct Entry: BitwiseCopyable {
    fileprivate var hash: UInt64 = 0
    fileprivate var key: UInt32 = 0
    fileprivate var keyCount: UInt16 = 0
    /// Where its ids begin, and how many there are.
    fileprivate(set) var ids: UInt32 = 0
    fileprivate(set) var idCount: UInt16 = 0
    /// Where the scores of its steps begin, and how many there are (unigram models only).
    fileprivate(set) var steps: UInt32 = 0
    fileprivate(set) var stepCount: UInt16 = 0
    /// By how much the best way to cut it is better than any other, and the greatest score met.
    fileprivate(set) var gap: Float = 0
    fileprivate(set) var magnitude: Float = 0
  }

  /// Longer words, in bytes, are not kept.
  static let longestKey = 64
  private static let capacity = 1 << 16
  private static let byteCapacity = 1 << 20

  private var entries: [Entry] = []
  private var keys: [UInt8] = []
  private(set) var ids: [Int32] = []
  private(set) var steps: [Double] = []
  private var count = 0

  /// A number for a stretch of bytes.
  @inline(__always)
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
    guard let base = bytes.baseAddress else { return 1 }
    let pointer = UnsafeRawPointer(base + range.lowerBound)
    var rest = range.count
    var offset = 0
    var hash = UInt64(truncatingIfNeeded: rest) &* 0x9E37_79B9_7F4A_7C15
    while rest >= 8 {
      hash = mix(hash ^ pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
      rest -= 8
    }
    if rest >= 4 {
      let low = pointer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let high = pointer.loadUnaligned(fromByteOffset: offset + rest - 4, as: UInt32.self)
      hash = mix(hash ^ (UInt64(high) << 32 | UInt64(low)))
    } else if rest > 0 {
      let first = UInt64(pointer.load(fromByteOffset: offset, as: UInt8.self))
      let middle = UInt64(pointer.load(fromByteOffset: offset + rest / 2, as: UInt8.self))
      let last = UInt64(pointer.load(fromByteOffset: offset + rest - 1, as: UInt8.self))
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
  func find(
    _ hash: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Entry? {
    guard !entries.isEmpty else { return nil }
    let mask = entries.count - 1
    return entries.withUnsafeBufferPointer { entries in
      var index = Int(truncatingIfNeeded: hash >> 20) & mask
      while entries[index].hash != 0 {
        let entry = entries[index]
        if entry.hash == hash, Int(entry.keyCount) == range.count,
          matches(Int(entry.key), bytes, range)
        {
          return entry
        }
        index = (index + 1) & mask
      }
      return nil
    }
  }

  @inline(__always)
  private func matches(
    _ key: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    keys.withUnsafeBufferPointer { keys in
      for offset in 0..<range.count
      where keys[key &+ offset] != bytes[range.lowerBound &+ offset] {
        return false
      }
      return true
    }
  }

  /// Keeps a word.
  mutating func insert(
    _ hash: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
    ids newIDs: ArraySlice<Int32>, steps newSteps: [Double] = [], gap: Float = 0,
    magnitude: Float = 0
  ) {
    guard newIDs.count < 1 << 16, newSteps.count < 1 << 16 else { return }
    if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.capacity) }
    if count * 2 >= entries.count || keys.count + range.count > Self.byteCapacity {
      for index in entries.indices { entries[index].hash = 0 }
      keys.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
      steps.removeAll(keepingCapacity: true)
      count = 0
    }
    let mask = entries.count - 1
    var index = Int(truncatingIfNeeded: hash >> 20) & mask
    while entries[index].hash != 0 { index = (index + 1) & mask }
    entries[index] = Entry(
      hash: hash, key: UInt32(keys.count), keyCount: UInt16(range.count), ids: UInt32(ids.count),
      idCount: UInt16(newIDs.count), steps: UInt32(steps.count),
      stepCount: UInt16(newSteps.count), gap: gap, magnitude: magnitude)
    keys.append(contentsOf: bytes[range])
    ids.append(contentsOf: newIDs)
    steps += newSteps
    count += 1
  }

  /// Appends the ids of a word that was found.
  @inline(__always)
  func append(_ entry: Entry, to ids: inout [Int32]) {
    let start = Int(entry.ids)
    self.ids.withUnsafeBufferPointer { known in
      for index in start..<start + Int(entry.idCount) { ids.append(known[index]) }
    }
  }

  /// Appends the ids of a word: from memory, or as `cut` finds them.
  @inline(__always)
  mutating func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to sink: inout IDSink,
    _ cut: (inout IDSink) -> Void
  ) {
    guard range.count <= Self.longestKey else { return cut(&sink) }
    let hash = Self.hash(bytes, range)
    if let entry = find(hash, bytes, range) {
      append(entry, to: &sink.ids)
      return
    }
    let first = sink.ids.count
    cut(&sink)
    insert(hash, bytes, range, ids: sink.ids[first...])
  }
}
