// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// The best way to reach a place in the text.
  struct Node: BitwiseCopyable {
    var score: Double
    /// Where the last piece begins; negative where nothing leads here.
    var start: Int32
    var id: Int32

    static let unreached = Node(score: 0, start: -1, id: -1)
  }

  /// Reusable memory for segmentations.
  struct Scratch {
    fileprivate var nodes: [Node] = []
    fileprivate var path: [ModelToken] = []
  }

  /// So many bytes are looked at before what is certain is handed on.
  static let window = 1 << 16

  /// Hands the best segmentation of `bytes[range]` to `sink`; of equal paths the first found wins.
  ///
  /// Time is linear in the length times the longest piece. Memory stays bounded: after every window
  /// the place through which all open paths lead is looked for, and what lies before it is done.
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout Scratch,
    into sink: inout some TokenSink
  ) {
    guard !range.isEmpty else { return }
    var unknown = UnknownRun(self)
    var base = range.lowerBound
    var first = Node(score: 0, start: 0, id: -1)
    var window = Self.window
    var reached = 0
    scratch.nodes.removeAll(keepingCapacity: true)
    while true {
      let end = window < range.upperBound - base ? base + window : range.upperBound
      let space = min(range.upperBound - base, end - base + longestPiece) + 1
      if reached == 0 {
        scratch.nodes.removeAll(keepingCapacity: true)
        scratch.nodes.append(first)
      }
      if scratch.nodes.count < space {
        scratch.nodes.append(
          contentsOf: repeatElement(.unreached, count: space - scratch.nodes.count))
      }
      reached = scratch.nodes.withUnsafeMutableBufferPointer { nodes in
        isSentencePiece
          ? fill(nodes, from: reached, bytes, base..<range.upperBound, until: end, rounds: true)
          : fill(nodes, from: reached, bytes, base..<range.upperBound, until: end, rounds: false)
      }
      let isLast = base + reached >= range.upperBound
      let certain = isLast ? reached : Self.commonPlace(scratch.nodes, from: reached)
      guard certain > 0 else {
        window *= 2
        continue
      }
      collectPath(scratch.nodes, to: certain, base, &scratch.path)
      for token in scratch.path.reversed() {
        unknown.append(token.id, token.range, bytes, into: &sink)
      }
      if isLast { break }
      first = scratch.nodes[certain]
      first.start = 0
      base += certain
      reached = 0
      window = Self.window
    }
    unknown.flush(bytes, into: &sink)
  }

  private func collectPath(
    _ nodes: [Node], to end: Int, _ base: Int, _ path: inout [ModelToken]
  ) {
    path.removeAll(keepingCapacity: true)
    var end = end
    while end > 0 {
      let start = Int(nodes[end].start)
      path.append(ModelToken(id: nodes[end].id, range: base + start..<base + end))
      end = start
    }
  }

  /// The last place that all paths to the open ends lead through.
  private static func commonPlace(_ nodes: [Node], from reached: Int) -> Int {
    var isOnPath = [Bool](repeating: false, count: reached + 1)
    var place = reached
    while place > 0 {
      isOnPath[place] = true
      place = Int(nodes[place].start)
    }
    isOnPath[0] = true
    var common = reached
    for end in reached + 1..<max(reached + 1, nodes.count) where nodes[end].start >= 0 {
      var place = Int(nodes[end].start)
      while !isOnPath[place] { place = Int(nodes[place].start) }
      common = min(common, place)
    }
    return common
  }

  /// Tries all pieces at every place from `first` on, until `end` is reached; returns how far, counted
  /// from the start of `range`.
  @inline(__always)
  private func fill(
    _ nodes: UnsafeMutableBufferPointer<Node>, from first: Int,
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, until end: Int, rounds: Bool
  ) -> Int {
    let scores = matchScores.elements
    let root = matcher.trie.root
    let limit = min(range.upperBound, range.lowerBound + nodes.count - 1)
    return matcher.trie.units.withUnsafeBufferPointer { units in
      var position = range.lowerBound + first
      while position < end {
        let length = min(UTF8Scalar.length(leading: bytes[position]), range.upperBound - position)
        let start = position - range.lowerBound
        let score = nodes[start].score
        var coversScalar = false
        var state = root
        var index = position
        while index < limit, let id = DoubleArray.step(units, &state, bytes[index]) {
          index += 1
          guard id >= 0 else { continue }
          Self.offer(
            &nodes[index - range.lowerBound], score + scores[Int(id)], start, id, rounds: rounds)
          if index - position == length { coversScalar = true }
        }
        if !coversScalar {
          Self.offer(
            &nodes[start + length], score + unknownScore, start, unknownID, rounds: rounds)
        }
        position += length
      }
      return position - range.lowerBound
    }
  }

  @inline(__always)
  private static func offer(
    _ node: inout Node, _ score: Double, _ start: Int, _ id: Int32, rounds: Bool
  ) {
    // The sum of two floats is exact in double: rounding it once is single-precision addition.
    let score = rounds ? Double(Float(score)) : score
    guard node.start < 0 || score > node.score else { return }
    node = Node(score: score, start: Int32(truncatingIfNeeded: start), id: id)
  }
}
