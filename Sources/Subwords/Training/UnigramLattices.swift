// SPDX-License-Identifier: Apache-2.0

/// All ways to cut each word into candidate pieces.
///
/// A lattice is built once. Afterwards pieces only ever go, so a round of training is a walk over plain arrays
/// instead of a search in a trie, and what a removed piece leaves behind is squeezed out.
struct UnigramLattices {
  /// A piece at a place: bits 0-21 its number, 22-30 its length in scalars, 31 set at the last one of a place.
  typealias Edge = UInt32

  static let pieceBits: UInt32 = 22
  static let pieceMask: UInt32 = 1 << pieceBits - 1
  static let lengthMask: UInt32 = 0x1FF
  static let last: UInt32 = 1 << 31
  /// One more than the largest number of candidates.
  static let capacity = 1 << 22

  /// The edges of all words: those of the first scalar, then of the second, ...
  var edges: [Edge] = []
  /// Where the edges of each word begin, and behind the last word where they end.
  var firsts: [Int] = []
  /// The length of each word in scalars.
  let lengths: [Int32]
  let counts: [Int64]
  /// The language of each word; empty where they are not told apart.
  let languages: [Int32]
  let languageCount: Int
  /// Where each candidate stands first: the word, the scalar in it, and the length.
  var homes: [Home]

  struct Home: BitwiseCopyable {
    var word: Int32
    var start: Int32
    var length: Int32
  }

  init(_ text: ScalarText, _ seeds: UnigramSeeds, alphabet: [UInt32: Int32], singles: [Home]) {
    counts = text.words.counts
    languages = text.words.languages
    languageCount = 1 + Int(languages.max() ?? 0)
    lengths = (0..<text.words.count).map { Int32(text.starts[$0 + 1] - text.starts[$0]) }
    var table = SeedTable(capacity: seeds.seeds.count)
    var powers = [UInt64]()
    for length in 0...256 { powers.append(text.power(length)) }
    homes = singles
    var word = 0
    let order = seeds.seeds.indices.sorted { seeds.seeds[$0].position < seeds.seeds[$1].position }
    homes += seeds.seeds.map { Home(word: 0, start: 0, length: Int32($0.length)) }
    for index in order {
      let seed = seeds.seeds[index]
      while text.starts[word + 1] <= seed.position { word += 1 }
      homes[singles.count + index].word = Int32(word)
      homes[singles.count + index].start = Int32(seed.position - text.starts[word])
      let length = Int(seed.length)
      table.insert(
        text.hash(Int(seed.position), length, powers[length]) &+ UInt64(length),
        UInt32(singles.count + index))
    }
    firsts.reserveCapacity(text.words.count + 1)
    edges.reserveCapacity(text.count * 2)
    for word in 0..<text.words.count {
      firsts.append(edges.count)
      let (start, end) = (Int(text.starts[word]), Int(text.starts[word + 1]))
      for position in start..<end {
        let single = alphabet[text.scalar(position)] ?? 0
        edges.append(UInt32(single) | 1 << Self.pieceBits)
        let reach = min(Int(seeds.reach[position]), end - position)
        if reach >= 2 {
          for length in 2...reach {
            let key = text.hash(position, length, powers[length]) &+ UInt64(length)
            guard let piece = table[key] else { continue }
            edges.append(piece | UInt32(length) << Self.pieceBits)
          }
        }
        edges[edges.count - 1] |= Self.last
      }
    }
    firsts.append(edges.count)
  }

  /// Takes out all pieces whose new number is negative, and numbers the others anew.
  mutating func renumber(_ numbers: [Int32]) {
    var write = 0
    edges.withUnsafeMutableBufferPointer { edges in
      var read = 0
      for word in 0..<lengths.count {
        let start = write
        for _ in 0..<Int(lengths[word]) {
          while true {
            let edge = edges[read]
            read += 1
            let number = numbers[Int(edge & Self.pieceMask)]
            if number >= 0 {
              let length = edge & (Self.lengthMask << Self.pieceBits)
              edges[write] = UInt32(number) | length
              write += 1
            }
            if edge & Self.last != 0 { break }
          }
          edges[write - 1] |= Self.last
        }
        firsts[word] = start
      }
      firsts[lengths.count] = write
    }
    edges.removeLast(edges.count - write)
    var kept = [Home](repeating: Home(word: 0, start: 0, length: 0), count: homes.count)
    var count = 0
    for (old, number) in numbers.enumerated() where number >= 0 {
      kept[Int(number)] = homes[old]
      count += 1
    }
    kept.removeLast(homes.count - count)
    homes = kept
  }
}

/// The numbers of seeds by hash.
private struct SeedTable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private let mask: Int

  init(capacity: Int) {
    var size = 1024
    while size < capacity * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    values = [UInt32](repeating: .max, count: size)
    mask = size - 1
  }

  mutating func insert(_ key: UInt64, _ value: UInt32) {
    var slot = Int(truncatingIfNeeded: key) & mask
    while values[slot] != .max { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = value
  }

  subscript(key: UInt64) -> UInt32? {
    var slot = Int(truncatingIfNeeded: key) & mask
    while values[slot] != .max {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
