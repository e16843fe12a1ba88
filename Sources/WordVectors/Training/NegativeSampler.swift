// SPDX-License-Identifier: Apache-2.0

/// Draws words of a language as wrong answers, by the square root of their counts as fastText does.
///
/// Walker's alias method (1977): one look into a table that stays in the processor's cache.
struct NegativeSampler: Sendable {
  private struct Slot {
    /// The share of the slot that is its own, in 2^32ths.
    var share: UInt32
    var alias: Int32
  }

  private let slots: [Slot]
  private let first: Int32

  /// - Parameters:
  ///   - counts: How often each word came; at least one.
  ///   - first: The number of the first word.
  init(counts: ArraySlice<Int64>, first: Int32) {
    self.first = first
    let weights = counts.map { Double($0).squareRoot() }
    let mean = max(weights.reduce(0, +), .leastNormalMagnitude) / Double(max(weights.count, 1))
    var shares = weights.map { $0 / mean }
    var slots = [Slot](repeating: Slot(share: .max, alias: 0), count: weights.count)
    var small: [Int] = []
    var large: [Int] = []
    for index in shares.indices {
      slots[index].alias = Int32(index)
      if shares[index] < 1 { small.append(index) } else { large.append(index) }
    }
    while let low = small.popLast(), let high = large.last {
      slots[low] = Slot(share: UInt32(shares[low] * 4_294_967_295), alias: Int32(high))
      shares[high] -= 1 - shares[low]
      if shares[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
    self.slots = slots
  }

  /// Whether there are two words to choose from.
  var hasChoice: Bool { slots.count > 1 }

  @inline(__always) func draw(_ generator: inout SplitMix) -> Int32 {
    let bits = generator.next()
    return slots.withUnsafeBufferPointer { slots in
      let index = Int(((bits >> 32) &* UInt64(slots.count)) >> 32)
      let slot = slots[index]
      return first + (UInt32(truncatingIfNeeded: bits) <= slot.share ? Int32(index) : slot.alias)
    }
  }
}
