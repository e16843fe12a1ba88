// SPDX-License-Identifier: Apache-2.0

/// The best way to cut a short word, found with single-precision scores that begin at zero.
///
/// Its memory belongs to one thread, hence `@unchecked Sendable`, as with ``WordCache``.
final class FreeCut: @unchecked Sendable {
  /// Longer words, in bytes, cannot be cut; a place must fit into eight bits.
  static let longestWord = 255

  /// The best two ways to reach a place.
  ///
  /// A way is one number, so that the better one is the smaller: in bits
  /// 32-63 the cost, whose bits grow with it, since it is not negative; then in 8 bits where the last piece
  /// begins, since of equals the first found wins; then that piece's id.
  private struct Place: BitwiseCopyable {
    var best: UInt64
    var second: UInt64

    static let unreached = Self(best: way(.infinity, .max), second: way(.infinity, .max))

    @inline(__always)
    static func way(_ cost: Float, _ startAndID: UInt32) -> UInt64 {
      UInt64(cost.bitPattern) << 32 | UInt64(startAndID)
    }

    @inline(__always)
    static func cost(_ way: UInt64) -> Float {
      Float(bitPattern: UInt32(truncatingIfNeeded: way >> 32))
    }

    @inline(__always)
    mutating func offer(_ cost: Float, _ startAndID: UInt32) {
      let way = Self.way(cost, startAndID)
      second = min(second, max(best, way))
      best = min(best, way)
    }
  }

  /// A scalar of the word: the piece that is just it, and where a walk stands behind it.
  private struct Start: BitwiseCopyable {
    var position: Int32
    /// Where the scalar ends.
    var end: Int32
    var base: UInt32
    /// The unit that the byte behind the scalar leads to, if it does.
    var unit: UInt32
    var piece: ScoredTrie.Piece
  }

  private let text = UnsafeMutablePointer<UInt8>.allocate(capacity: longestWord + 1)
  private let starts = UnsafeMutablePointer<Start>.allocate(capacity: longestWord)
  private let places = UnsafeMutablePointer<Place>.allocate(capacity: longestWord + 1)
  private let pathIDs = UnsafeMutablePointer<Int32>.allocate(capacity: longestWord)
  private let pathEnds = UnsafeMutablePointer<Int32>.allocate(capacity: longestWord)
  private let pathSteps = UnsafeMutablePointer<Double>.allocate(capacity: longestWord)

  /// The number of pieces, which stand at the end of the memory for them.
  private(set) var count = 0
  /// Whether an unknown scalar is among them.
  private(set) var hasUnknown = false
  /// The certainty of the path: see ``Unigram/isSafe(_:_:_:)``.
  private(set) var gap: Float = 0
  /// How far scores reach.
  private(set) var magnitude: Float = 0

  deinit {
    text.deallocate()
    starts.deallocate()
    places.deallocate()
    pathIDs.deallocate()
    pathEnds.deallocate()
    pathSteps.deallocate()
  }

  /// The pieces in order.
  @inline(__always)
  var ids: UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: pathIDs + Self.longestWord - count, count: count)
  }
  /// Where each of them ends, in bytes from the start of the word.
  @inline(__always)
  var ends: UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: pathEnds + Self.longestWord - count, count: count)
  }
  /// What each of them adds to the score.
  @inline(__always)
  var steps: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: pathSteps + Self.longestWord - count, count: count)
  }

  /// Cuts a word of at least one byte, in whole scalars.
  @inline(__always)
  func cut(_ word: UnsafePointer<UInt8>, _ length: Int, _ trie: ScoredTrie, _ model: Unigram) {
    text.update(from: word, count: length)
    // Nothing in the trie goes on with a NUL, so that walks need no other end.
    text[length] = 0
    let count = findStarts(length, trie)
    fill(count, length, trie)
    trace(from: length, trie, model)
  }

  /// Looks up all scalars at once, so that no look-up waits for the walk before it; returns their number.
  @inline(__always)
  private func findStarts(_ length: Int, _ trie: ScoredTrie) -> Int {
    guard let units = trie.units.elements.baseAddress, let pages = trie.pages.elements.baseAddress,
      let known = trie.starts.elements.baseAddress
    else { return 0 }
    var position = 0
    var count = 0
    while position < length {
      let (size, scalar) = Self.scalar(text + position)
      let found =
        size < 4
        ? known[Int(pages[scalar >> 6]) &* 64 &+ scalar & 63] : trie.longStart(text + position)
      let end = position &+ size
      starts[count] = Start(
        position: Int32(truncatingIfNeeded: position), end: Int32(truncatingIfNeeded: end),
        base: found.base, unit: units[Int(found.base ^ UInt32(text[end]))], piece: found.piece)
      position = end
      count &+= 1
    }
    return count
  }

  @inline(__always)
  private func fill(_ count: Int, _ length: Int, _ trie: ScoredTrie) {
    guard let units = trie.units.elements.baseAddress,
      let pieces = trie.pieces.elements.baseAddress
    else { return }
    let places = self.places
    let text = self.text
    (places + 1).update(repeating: Place.unreached, count: length)
    places[0].best = 0
    for number in 0..<count {
      let start = starts[number]
      let cost = Place.cost(places[Int(start.position)].best)
      let begun = UInt32(truncatingIfNeeded: start.position) << 24
      var index = Int(start.end)
      places[index].offer(cost + start.piece.cost, begun | start.piece.id)
      var base = start.base
      var unit = start.unit
      var byte = UInt32(text[index])
      while unit & ScoredTrie.labelMask == byte {
        // Where no piece ends, the cost is above everything.
        let piece = pieces[Int(base ^ byte)]
        base = unit >> ScoredTrie.labelBits
        index &+= 1
        byte = UInt32(text[index])
        unit = units[Int(base ^ byte)]
        places[index].offer(cost + piece.cost, begun | piece.id)
      }
    }
  }

  /// The length of the scalar at `text` and, up to three bytes, its number.
  @inline(__always)
  private static func scalar(_ text: UnsafePointer<UInt8>) -> (length: Int, scalar: Int) {
    let byte = text[0]
    if byte < 0x80 { return (1, Int(byte)) }
    if byte < 0xE0 { return (2, Int(byte & 0x1F) << 6 | Int(text[1] & 0x3F)) }
    guard byte < 0xF0 else { return (4, 0) }
    return (3, Int(byte & 0x0F) << 12 | Int(text[1] & 0x3F) << 6 | Int(text[2] & 0x3F))
  }

  /// Goes the best way back.
  @inline(__always)
  private func trace(from last: Int, _ trie: ScoredTrie, _ model: Unigram) {
    guard let scores = model.matchScores.elements.baseAddress else { return }
    var index = Self.longestWord
    var least = Float.infinity
    var sum = 0.0
    var sawUnknown = false
    var end = last
    while end > 0 {
      let place = places[end]
      least = min(least, Place.cost(place.second) - Place.cost(place.best))
      let start = Int(place.best >> 24 & 0xFF)
      let id = Int32(truncatingIfNeeded: place.best & 0xFF_FFFF)
      let isUnknown = id == model.unknownID
      sawUnknown = sawUnknown || isUnknown
      let step = isUnknown ? model.unknownScore : scores[Int(id)]
      index &-= 1
      pathIDs[index] = id
      pathEnds[index] = Int32(truncatingIfNeeded: end)
      pathSteps[index] = step
      sum += step.magnitude
      end = start
    }
    count = Self.longestWord &- index
    hasUnknown = sawUnknown
    magnitude = Float(sum * 1.001)
    // On each of the two ways every sum is rounded by half a unit in the last place; there are at most as
    // many as bytes. So is every cost. A little is taken off, so that making it a float cannot make it too great.
    let rounding = 0x1p-22 * (sum + trie.costPerScalar * Double(last)) * Double(last)
    gap = Float((Double(min(least, 1e30)) * 0.999 - rounding) / Double(last))
  }
}
