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
  ///
  /// - Parameter score: what the path to the start of the range scores.
  /// - Returns: what the path to its end scores.
  @discardableResult
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout Scratch,
    from score: Double = 0, into sink: inout some TokenSink
  ) -> Double {
    guard !range.isEmpty else { return score }
    var unknown = UnknownRun(self)
    var base = range.lowerBound
    var first = Node(score: score, start: 0, id: -1)
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
        let rest = base..<range.upperBound
        return isSentencePiece
          ? fill(nodes, from: reached, bytes, rest, until: end) {
            Self.offerRounded(&$0, $1, $2, $3)
          }
          : fill(nodes, from: reached, bytes, rest, until: end) { Self.offer(&$0, $1, $2, $3) }
      }
      let isLast = base + reached >= range.upperBound
      let certain = isLast ? reached : Self.commonPlace(scratch.nodes, from: reached)
      guard certain > 0 else {
        window *= 2
        continue
      }
      collectPath(scratch.nodes, to: certain, base, &scratch.path)
      for token in scratch.path.reversed() {
        unknown.append(token.id, token.range, bytes, self, into: &sink)
      }
      if isLast {
        unknown.flush(bytes, self, into: &sink)
        return scratch.nodes[certain].score
      }
      first = scratch.nodes[certain]
      first.start = 0
      base += certain
      reached = 0
      window = Self.window
    }
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
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, until end: Int,
    _ offer: (inout Node, Double, Int32, Int32) -> Void
  ) -> Int {
    guard let memory = nodes.baseAddress else { return first }
    let base = range.lowerBound
    let limit = min(range.upperBound, base + nodes.count - 1)
    var position = base + first
    while position < end {
      let start = position - base
      let from = Int32(truncatingIfNeeded: start)
      let score = memory[start].score
      position += forEachPiece(bytes, position, limit) { id, length, pieceScore in
        offer(&memory[start &+ length], score + pieceScore, from, id)
      }
    }
    return position - base
  }

  /// Calls `found` for each piece that begins at `position`, and for the unknown piece where none covers
  /// just the scalar there; returns the length of that scalar.
  @inline(__always)
  func forEachPiece(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ limit: Int,
    _ found: (Int32, Int, Double) -> Void
  ) -> Int {
    guard let units = matcher.trie.units.elements.baseAddress,
      let scores = matchScores.elements.baseAddress, let text = bytes.baseAddress
    else { return 1 }
    let length = min(UTF8Scalar.length(leading: text[position]), limit &- position)
    var coversScalar = false
    var node = matcher.trie.root.position
    var index = position
    var id: Int32 = -1
    while index < limit, DoubleArray.stepInside(units, &node, text[index], &id) {
      index &+= 1
      guard id >= 0 else { continue }
      found(id, index &- position, scores[Int(id)])
      if index &- position == length { coversScalar = true }
    }
    if !coversScalar { found(unknownID, length, unknownScore) }
    return length
  }

  @inline(__always)
  private static func offer(_ node: inout Node, _ score: Double, _ start: Int32, _ id: Int32) {
    guard node.start < 0 || score > node.score else { return }
    node = Node(score: score, start: start, id: id)
  }

  /// The sum of two floats is exact in double: rounding it once is single-precision addition.
  @inline(__always)
  private static func offerRounded(
    _ node: inout Node, _ score: Double, _ start: Int32, _ id: Int32
  ) {
    offer(&node, Double(Float(score)), start, id)
  }
}
