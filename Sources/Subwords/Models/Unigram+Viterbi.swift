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
    /// The second best score at each place, where it is asked for.
    fileprivate var seconds: [Double] = []
    fileprivate var path: [ModelToken] = []
    /// The scores of the pieces of the word that was cut last.
    fileprivate(set) var steps: [Double] = []
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
          ? fill(nodes, from: reached, bytes, rest, until: end) { Self.offerRounded(&$0, $1) }
          : fill(nodes, from: reached, bytes, rest, until: end) { Self.offer(&$0, $1) }
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
      if isLast {
        unknown.flush(bytes, into: &sink)
        return scratch.nodes[certain].score
      }
      first = scratch.nodes[certain]
      first.start = 0
      base += certain
      reached = 0
      window = Self.window
    }
  }

  /// Hands the best segmentation of a word to `sink`, with unrounded scores that begin at zero.
  ///
  /// - Returns: by how much the best way to each place on the path is better than the second best, at
  ///   least, and the greatest score in size.
  func cutFreely(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout Scratch,
    into sink: inout some TokenSink
  ) -> (gap: Float, magnitude: Float) {
    let count = range.count + 1
    scratch.nodes.removeAll(keepingCapacity: true)
    scratch.nodes.append(contentsOf: repeatElement(.unreached, count: count))
    scratch.nodes[0] = Node(score: 0, start: 0, id: -1)
    scratch.seconds.removeAll(keepingCapacity: true)
    scratch.seconds.append(contentsOf: repeatElement(-.infinity, count: count))
    var magnitude = 0.0
    scratch.nodes.withUnsafeMutableBufferPointer { nodes in
      scratch.seconds.withUnsafeMutableBufferPointer { seconds in
        _ = fill(nodes, from: 0, bytes, range, until: range.upperBound) { node, offered in
          magnitude = max(magnitude, offered.score.magnitude)
          let place = Int(offered.start) + offered.length
          if node.start < 0 {
            node = offered.node
          } else if offered.score > node.score {
            seconds[place] = node.score
            node = offered.node
          } else {
            seconds[place] = max(seconds[place], offered.score)
          }
        }
      }
    }
    collectPath(scratch.nodes, to: range.count, range.lowerBound, &scratch.path)
    scratch.steps.removeAll(keepingCapacity: true)
    var gap = Double.infinity
    var unknown = UnknownRun(self)
    for token in scratch.path.reversed() {
      let place = token.range.upperBound - range.lowerBound
      gap = min(gap, scratch.nodes[place].score - scratch.seconds[place])
      scratch.steps.append(pathScore(of: token.id))
      unknown.append(token.id, token.range, bytes, into: &sink)
    }
    unknown.flush(bytes, into: &sink)
    // A little less, so that making it a float cannot make it greater.
    return (Float(min(gap, 1e30) * 0.999), Float(magnitude * 1.001))
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

  /// A way to reach a place.
  struct Offer {
    var score: Double
    var start: Int32
    var id: Int32
    var length: Int
    @inline(__always)
    var node: Node { Node(score: score, start: start, id: id) }
  }

  /// Tries all pieces at every place from `first` on, until `end` is reached; returns how far, counted
  /// from the start of `range`.
  @inline(__always)
  private func fill(
    _ nodes: UnsafeMutableBufferPointer<Node>, from first: Int,
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, until end: Int,
    _ offer: (inout Node, Offer) -> Void
  ) -> Int {
    let scores = matchScores.elements
    let root = matcher.trie.root
    let limit = min(range.upperBound, range.lowerBound + nodes.count - 1)
    return matcher.trie.units.withUnsafeBufferPointer { units in
      var position = range.lowerBound + first
      while position < end {
        let length = min(UTF8Scalar.length(leading: bytes[position]), range.upperBound - position)
        let start = position - range.lowerBound
        let from = Int32(truncatingIfNeeded: start)
        let score = nodes[start].score
        var coversScalar = false
        var state = root
        var index = position
        while index < limit, let id = DoubleArray.step(units, &state, bytes[index]) {
          index += 1
          guard id >= 0 else { continue }
          offer(
            &nodes[index - range.lowerBound],
            Offer(score: score + scores[Int(id)], start: from, id: id, length: index - position))
          if index - position == length { coversScalar = true }
        }
        if !coversScalar {
          offer(
            &nodes[start + length],
            Offer(score: score + unknownScore, start: from, id: unknownID, length: length))
        }
        position += length
      }
      return position - range.lowerBound
    }
  }

  @inline(__always)
  private static func offer(_ node: inout Node, _ offered: Offer) {
    guard node.start < 0 || offered.score > node.score else { return }
    node = offered.node
  }

  /// The sum of two floats is exact in double: rounding it once is single-precision addition.
  @inline(__always)
  private static func offerRounded(_ node: inout Node, _ offered: Offer) {
    let score = Double(Float(offered.score))
    guard node.start < 0 || score > node.score else { return }
    node = Node(score: score, start: offered.start, id: offered.id)
  }
}
