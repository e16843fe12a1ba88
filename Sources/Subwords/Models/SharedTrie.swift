// SPDX-License-Identifier: Apache-2.0

/// Builds a ``DoubleArray`` in which equal subtrees are stored once.
///
/// Worth its time where many keys have the same value, as in normalisation rules: the 220,000
/// spellings of Hangul syllables and accented letters shrink from megabytes to 200 kB.
enum SharedTrie {
  private struct Edge: Hashable {
    var label: UInt8
    /// The child node, or the value where the label is 0.
    var target: Int32
  }

  /// The trie of `keys`, under the conditions of ``DoubleArrayBuilder/build(keys:values:)``.
  static func build(keys: [[UInt8]], values: [Int32]) throws(SubwordError) -> DoubleArray {
    var builder = DoubleArrayBuilder()
    guard !keys.isEmpty else { return builder.finished() }
    let nodes = minimalNodes(keys, values)
    var offsets = [Int](repeating: -1, count: nodes.count)
    var open = [(node: nodes.count - 1, unit: 0)]
    while let (node, unit) = open.popLast() {
      let edges = nodes[node]
      let value = edges[0].label == 0 ? edges[0].target : -1
      if offsets[node] >= 0,
        try builder.share(offsets[node], with: unit, hasValue: value >= 0)
      {
        continue
      }
      let offset = try builder.attach(edges.map(\.label), value: value, to: unit)
      offsets[node] = offset
      for edge in edges.reversed() where edge.label != 0 {
        open.append((Int(edge.target), offset ^ Int(edge.label)))
      }
    }
    return builder.finished()
  }

  /// The distinct nodes, children before parents, the root last.
  ///
  /// Keys come in order, so the nodes below the last common prefix of two neighbours are complete
  /// and can be looked up among the known ones (Daciuk and others, 2000).
  private static func minimalNodes(_ keys: [[UInt8]], _ values: [Int32]) -> [[Edge]] {
    var nodes = [[Edge]]()
    var known = [[Edge]: Int32]()
    var path: [[Edge]] = [[]]
    var previous = [UInt8]()
    let close = { (depth: Int) in
      while path.count > depth + 1 {
        let edges = path.removeLast()
        let label = previous[path.count - 1]
        let number = known[edges] ?? Int32(nodes.count)
        if number == nodes.count {
          nodes.append(edges)
          known[edges] = number
        }
        path[path.count - 1].append(Edge(label: label, target: number))
      }
    }
    for (key, value) in zip(keys, values) {
      close(zip(key, previous).prefix { $0 == $1 }.count)
      while path.count <= key.count { path.append([]) }
      path[key.count].append(Edge(label: 0, target: value))
      previous = key
    }
    close(0)
    nodes.append(path[0])
    return nodes
  }
}
