// SPDX-License-Identifier: Apache-2.0

/// The distinct nodes of a ``SharedTrie``: a node is the list of its edges.
struct SharedTrieNodes {
  /// What leads out of a node.
  struct Edge: BitwiseCopyable, Equatable {
    var label: UInt8
    /// The child node, or the value where the label is 0.
    var target: Int32

    init(_ label: UInt8, _ target: Int32) {
      self.label = label
      self.target = target
    }
  }

  private var edges: [Edge] = []
  private var starts: [Int32] = [0]
  /// 1 + the node, or 0; their number is a power of two.
  private var slots = [Int32](repeating: 0, count: 1 << 12)

  var count: Int { starts.count - 1 }

  func edges(_ node: Int) -> ArraySlice<Edge> { edges[Int(starts[node])..<Int(starts[node + 1])] }

  /// Adds a node that is not to be found again.
  mutating func append(_ node: ArraySlice<Edge>) {
    edges += node
    starts.append(Int32(edges.count))
  }

  /// The number of the node with these edges, which is made if it is not there.
  mutating func number(of node: ArraySlice<Edge>) -> Int32 {
    var slot = Self.hash(node) & (slots.count - 1)
    while slots[slot] != 0 {
      let known = edges(Int(slots[slot]) - 1)
      if known.count == node.count, known.elementsEqual(node) { return slots[slot] - 1 }
      slot = (slot + 1) & (slots.count - 1)
    }
    append(node)
    slots[slot] = Int32(count)
    if count * 2 > slots.count { grow() }
    return Int32(count) - 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for node in 0..<count {
      var slot = Self.hash(edges(node)) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(node + 1)
    }
  }

  private static func hash(_ node: ArraySlice<Edge>) -> Int {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for edge in node {
      hash =
        (hash ^ (UInt64(edge.label) << 32 | UInt64(UInt32(bitPattern: edge.target))))
        &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash >> 1)
  }
}
