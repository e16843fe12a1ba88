// SPDX-License-Identifier: Apache-2.0

/// The pairs that may be merged, the first one on top: a heap with four children to a node.
struct CandidateHeap {
  private var items: [BytePair.Candidate] = []

  var isEmpty: Bool { items.isEmpty }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func push(_ item: BytePair.Candidate) {
    items.append(item)
    items.withUnsafeMutableBufferPointer { items in
      var index = items.count - 1
      while index > 0 {
        let parent = (index - 1) >> 2
        guard item.precedes(items[parent]) else { break }
        items[index] = items[parent]
        index = parent
      }
      items[index] = item
    }
  }

  mutating func pop() -> BytePair.Candidate? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    guard !items.isEmpty else { return top }
    items.withUnsafeMutableBufferPointer { items in
      var index = 0
      while true {
        let first = index << 2 + 1
        guard first < items.count else { break }
        var best = first
        for child in first + 1..<max(first + 1, min(first + 4, items.count))
        where items[child].precedes(items[best]) {
          best = child
        }
        guard items[best].precedes(last) else { break }
        items[index] = items[best]
        index = best
      }
      items[index] = last
    }
    return top
  }
}
