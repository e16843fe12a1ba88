// SPDX-License-Identifier: Apache-2.0

/// A set of byte strings with a number for each: exact look-up and longest match.
struct PieceTrie: Sendable, Equatable {
  let trie: DoubleArray

  static func == (left: PieceTrie, right: PieceTrie) -> Bool {
    left.trie.units.elements.elementsEqual(right.trie.units.elements)
  }

  /// Makes the trie; of equal keys the last one counts, empty keys and those with a NUL are left
  /// out (no text position can match them).
  init(_ entries: some Sequence<(key: ArraySlice<UInt8>, value: Int32)>) throws(SubwordError) {
    var usable = entries.filter { !$0.key.isEmpty && !$0.key.contains(0) }
    // A stable order of equal keys by value makes “the last one” well defined.
    usable.sort { left, right in
      left.key.withUnsafeBufferPointer { first in
        right.key.withUnsafeBufferPointer { second in
          let shared = min(first.count, second.count)
          for index in 0..<shared where first[index] != second[index] {
            return first[index] < second[index]
          }
          return first.count == second.count ? left.value < right.value : first.count < second.count
        }
      }
    }
    var keys = [ArraySlice<UInt8>]()
    var values = [Int32]()
    keys.reserveCapacity(usable.count)
    values.reserveCapacity(usable.count)
    for entry in usable {
      if let last = keys.last, last.elementsEqual(entry.key) {
        values[values.count - 1] = entry.value
      } else {
        keys.append(entry.key)
        values.append(entry.value)
      }
    }
    trie = try DoubleArrayBuilder.build(keys: keys, values: values)
  }

  /// The number of `key`.
  func value(of key: some Sequence<UInt8>) -> Int32? { trie.value(of: key) }

  /// The length of the longest key that `bytes[start...]` begins with.
  func longestMatch(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    longest(bytes, start..<bytes.count)?.length
  }

  /// The longest key that `bytes[range]` begins with: its length and its number.
  @inline(__always)
  func longest(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> (length: Int, value: Int32)? {
    trie.units.withUnsafeBufferPointer { units in
      var state = trie.root
      var result: (length: Int, value: Int32)?
      var index = range.lowerBound
      while index < range.upperBound, let found = DoubleArray.step(units, &state, bytes[index]) {
        index += 1
        if found >= 0 { result = (index - range.lowerBound, found) }
      }
      return result
    }
  }
}
