// SPDX-License-Identifier: Apache-2.0

/// The substrings of words that are worth beginning with.
///
/// SentencePiece finds them in a suffix array. Here they are counted length by length: a substring can be frequent
/// only if what it lacks at either end is. As there, one that always goes on in the same way is left out, and the best
/// by count times length are taken.
struct UnigramSeeds {
  /// A seed: where it stands first, and how much it counts.
  struct Seed: BitwiseCopyable {
    /// The scalar it begins with, counted through all words.
    var position: UInt32
    /// Its length in scalars.
    var length: UInt32
    var count: Int64
  }

  /// The seeds, the best first: all of two scalars or more.
  private(set) var seeds: [Seed] = []
  /// For each scalar of the words the length of the longest frequent substring that begins there.
  private(set) var reach: [UInt8]

  private let text: ScalarText

  init(
    _ text: ScalarText, count limit: Int, maximumLength: Int, least: Int64, memory: Int
  ) {
    self.text = text
    reach = [UInt8](repeating: 1, count: text.count)
    var found = [Seed]()
    /// The entry in `found` for the substring of the last length, for each scalar.
    var previous = [UInt32](repeating: .max, count: text.count)
    var current = [UInt32](repeating: .max, count: text.count)
    var isExtended = [Bool]()
    var length = 2
    while length <= min(maximumLength, 250) {
      let first = found.count
      count(length, least, memory, into: &found, &current)
      guard found.count > first else { break }
      isExtended.append(contentsOf: repeatElement(false, count: found.count - first))
      for index in first..<found.count {
        let parent = previous[Int(found[index].position)]
        if parent != .max, found[Int(parent)].count == found[index].count {
          isExtended[Int(parent)] = true
        }
      }
      for position in 0..<text.count where current[position] != .max {
        reach[position] = UInt8(length)
      }
      swap(&previous, &current)
      for position in 0..<text.count { current[position] = .max }
      length += 1
    }
    let usable = found.indices.filter { !isExtended[$0] }
    let best = usable.sorted { left, right in
      let (one, two) = (found[left], found[right])
      let (first, second) = (one.count * Int64(one.length), two.count * Int64(two.length))
      return first != second ? first > second : left < right
    }
    seeds = best.prefix(limit).map { found[$0] }
  }

  /// Counts all substrings of a length whose two shorter ones are frequent.
  ///
  /// They are taken in parts by their hash, so that the table stays small.
  private func count(
    _ length: Int, _ least: Int64, _ memory: Int, into found: inout [Seed],
    _ entries: inout [UInt32]
  ) {
    let candidates = text.count
    let parts = max(1, candidates * 40 / max(1, memory))
    let power = text.power(length)
    for part in 0..<parts {
      var slots = [UInt32](repeating: 0, count: 1 << 16)
      var keys = [UInt64]()
      var counts = [Int64]()
      var places = [UInt32]()
      text.forEachWord { start, end, weight in
        guard end - start >= length else { return }
        for position in start...(end - length) {
          guard Int(reach[position]) >= length - 1, Int(reach[position + 1]) >= length - 1 else {
            continue
          }
          let key = text.hash(position, length, power)
          if parts > 1, Int(key >> 40) % parts != part { continue }
          var slot = Int(truncatingIfNeeded: key) & (slots.count - 1)
          while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key {
            slot = (slot + 1) & (slots.count - 1)
          }
          guard slots[slot] == 0 else {
            entries[position] = slots[slot] - 1
            counts[Int(slots[slot]) - 1] += weight
            continue
          }
          entries[position] = UInt32(keys.count)
          keys.append(key)
          counts.append(weight)
          places.append(UInt32(position))
          slots[slot] = UInt32(keys.count)
          if keys.count * 2 > slots.count { Self.grow(&slots, keys) }
        }
      }
      // What is frequent becomes a seed; its number replaces that of the table.
      var numbers = [UInt32](repeating: .max, count: keys.count)
      for index in keys.indices where counts[index] >= least {
        numbers[index] = UInt32(found.count)
        found.append(Seed(position: places[index], length: UInt32(length), count: counts[index]))
      }
      text.forEachWord { start, end, _ in
        guard end - start >= length else { return }
        for position in start...(end - length) where entries[position] != .max {
          if parts > 1 {
            let key = text.hash(position, length, power)
            guard Int(key >> 40) % parts == part else { continue }
          }
          entries[position] = numbers[Int(entries[position])]
        }
      }
    }
  }

  private static func grow(_ slots: inout [UInt32], _ keys: [UInt64]) {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (index, key) in keys.enumerated() {
      var slot = Int(truncatingIfNeeded: key) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }
}
