// SPDX-License-Identifier: Apache-2.0

/// The pairs that may be merged next, the best one on top: a heap with four children to a node.
///
/// The larger count goes first, then the smaller bytes of the left symbol, then those of the right one. A count may have
/// fallen since its pair was put in: who takes an entry compares, and puts the pair in again.
struct PairQueue: ~Copyable {
  struct Entry: BitwiseCopyable {
    var count: Int64
    var pair: Int32
  }

  private var entries = TrainingBuffer<Entry>(capacity: 1 << 12)

  mutating func push(
    _ entry: Entry, _ table: borrowing PairTable, _ pieces: borrowing PieceInventory
  ) {
    entries.append(entry)
    let heap = entries.base
    var index = entries.count - 1
    while index > 0 {
      let parent = (index - 1) >> 2
      guard Self.precedes(entry, heap[parent], table, pieces) else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = entry
  }

  mutating func pop(_ table: borrowing PairTable, _ pieces: borrowing PieceInventory) -> Entry? {
    guard let last = entries.removeLast() else { return nil }
    let count = entries.count
    guard count > 0 else { return last }
    let heap = entries.base
    let top = heap[0]
    var index = 0
    while true {
      let first = index << 2 + 1
      guard first < count else { break }
      var best = first
      for child in first + 1..<max(first + 1, min(first + 4, count))
      where Self.precedes(heap[child], heap[best], table, pieces) {
        best = child
      }
      guard Self.precedes(heap[best], last, table, pieces) else { break }
      heap[index] = heap[best]
      index = best
    }
    heap[index] = last
    return top
  }

  @inline(__always)
  private static func precedes(
    _ one: Entry, _ other: Entry, _ table: borrowing PairTable, _ pieces: borrowing PieceInventory
  ) -> Bool {
    if one.count != other.count { return one.count > other.count }
    let a = table.pairs.base[Int(one.pair)]
    let b = table.pairs.base[Int(other.pair)]
    return a.left != b.left
      ? pieces.precedes(a.left, b.left) : pieces.precedes(a.right, b.right)
  }
}
