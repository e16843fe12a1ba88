// SPDX-License-Identifier: Apache-2.0

/// Builds a ``DoubleArray`` in which equal subtrees are stored once.
///
/// Worth its time where many keys have the same value, as in normalisation rules: the 220,000
/// spellings of Hangul syllables and accented letters shrink from megabytes to 200 kB.
enum SharedTrie {
  /// The trie of `keys`, under the conditions of ``DoubleArrayBuilder/build(keys:values:)``.
  static func build(keys: ByteList, values: [Int32]) throws(SubwordError) -> DoubleArray {
    var builder = DoubleArrayBuilder()
    guard !keys.isEmpty else { return builder.finished() }
    let nodes = minimalNodes(keys, values)
    var offsets = [Int](repeating: -1, count: nodes.count)
    var open = [(node: nodes.count - 1, unit: 0)]
    var labels = [UInt8]()
    while let (node, unit) = open.popLast() {
      let edges = nodes.edges(node)
      let value = edges[edges.startIndex].label == 0 ? edges[edges.startIndex].target : -1
      if offsets[node] >= 0,
        try builder.share(offsets[node], with: unit, hasValue: value >= 0)
      {
        continue
      }
      labels.removeAll(keepingCapacity: true)
      for edge in edges { labels.append(edge.label) }
      let offset = try builder.attach(labels, value: value, to: unit)
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
  private static func minimalNodes(_ keys: ByteList, _ values: [Int32]) -> SharedTrieNodes {
    var nodes = SharedTrieNodes()
    keys.withBytes { bytes, starts in
      // The open nodes, from the root to the last key's end, and where each begins among their edges.
      var edges = [SharedTrieNodes.Edge]()
      var firsts = [0]
      var previous = 0..<0
      func close(_ depth: Int) {
        while firsts.count > depth + 1 {
          let first = firsts.removeLast()
          let number = nodes.number(of: edges[first...])
          edges.removeLast(edges.count - first)
          edges.append(.init(bytes[previous.lowerBound + firsts.count - 1], number))
        }
      }
      for index in 0..<keys.count {
        let key = starts[index]..<starts[index + 1]
        var shared = 0
        while shared < key.count, shared < previous.count,
          bytes[key.lowerBound + shared] == bytes[previous.lowerBound + shared]
        {
          shared += 1
        }
        close(shared)
        while firsts.count <= key.count { firsts.append(edges.count) }
        edges.append(.init(0, values[index]))
        previous = key
      }
      close(0)
      nodes.append(edges[...])
    }
    return nodes
  }
}
