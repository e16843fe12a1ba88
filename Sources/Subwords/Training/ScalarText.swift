// SPDX-License-Identifier: Apache-2.0

/// Words as scalars, with a hash of every substring at hand.
struct ScalarText {
  let words: WordTable
  /// The number of scalars in all words.
  let count: Int
  /// Where each scalar begins in the table's bytes, and behind the last one where it ends.
  let places: [UInt32]
  /// The scalar at which each word begins, and behind the last word where it ends.
  let starts: [UInt32]
  /// The hash of all that stands before each scalar, as a polynomial of `base`.
  private let prefixes: [UInt64]
  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15 | 1

  init(_ words: WordTable) {
    self.words = words
    var places = [UInt32]()
    var starts: [UInt32] = []
    var prefixes: [UInt64] = [0]
    words.bytes.withUnsafeBufferPointer { bytes in
      for word in 0..<words.count {
        starts.append(UInt32(places.count))
        let range = words.range(word)
        var index = range.lowerBound
        while index < range.upperBound {
          let (value, length) = UTF8Scalar.decode(bytes, at: index)
          places.append(UInt32(index))
          prefixes.append((prefixes.last ?? 0) &* Self.base &+ Self.mix(UInt64(value) + 1))
          index += length
        }
      }
    }
    count = places.count
    starts.append(UInt32(count))
    places.append(UInt32(words.bytes.count))
    self.places = places
    self.starts = starts
    self.prefixes = prefixes
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  func power(_ length: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<length { power = power &* Self.base }
    return power
  }

  /// The hash of `length` scalars from `position` on; `power` is that of the length.
  @inline(__always)
  func hash(_ position: Int, _ length: Int, _ power: UInt64) -> UInt64 {
    Self.mix(prefixes[position + length] &- prefixes[position] &* power)
  }

  @inline(__always)
  func forEachWord(_ body: (_ start: Int, _ end: Int, _ count: Int64) -> Void) {
    for word in 0..<words.count {
      body(Int(starts[word]), Int(starts[word + 1]), words.counts[word])
    }
  }

  /// The bytes of some scalars.
  func bytes(_ position: Int, _ length: Int) -> ArraySlice<UInt8> {
    words.bytes[Int(places[position])..<Int(places[position + length])]
  }

  /// The scalar at a position.
  func scalar(_ position: Int) -> UInt32 {
    words.bytes.withUnsafeBufferPointer { UTF8Scalar.decode($0, at: Int(places[position])).0 }
  }
}
