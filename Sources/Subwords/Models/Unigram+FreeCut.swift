// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// The best two ways to reach a place.
  private struct Place: BitwiseCopyable {
    var score = -Double.infinity
    var second = -Double.infinity
    var start: Int32 = -1
    var id: Int32 = -1
  }

  /// Appends the ids of the best segmentation of a short word, with unrounded scores that begin at zero.
  ///
  /// - Parameter judge: gets the scores of the pieces, the ids so far, by how much the best way to each
  ///   place on the path is better than the second best, at least, and how far scores reach.
  /// - Returns: what `judge` returns.
  func cutFreely(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into sink: inout IDSink,
    _ judge: (UnsafeBufferPointer<Double>, [Int32], Float, Float) -> Bool
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: Place.self, capacity: range.count + 1) { places in
      places.initialize(repeating: Place())
      places[0].score = 0
      var position = range.lowerBound
      while position < range.upperBound {
        let start = position - range.lowerBound
        let score = places[start].score
        position += forEachPiece(bytes, position, range.upperBound) { id, length, pieceScore in
          let place = start &+ length
          let sum = score + pieceScore
          if sum > places[place].score {
            places[place].second = places[place].score
            places[place].score = sum
            places[place].start = Int32(truncatingIfNeeded: start)
            places[place].id = id
          } else if sum > places[place].second {
            places[place].second = sum
          }
        }
      }
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: range.count) { steps in
        hand(on: places, steps, bytes, range, into: &sink, judge)
      }
    }
  }

  private func hand(
    on places: UnsafeMutableBufferPointer<Place>, _ steps: UnsafeMutableBufferPointer<Double>,
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into sink: inout IDSink,
    _ judge: (UnsafeBufferPointer<Double>, [Int32], Float, Float) -> Bool
  ) -> Bool {
    // The path is turned around in place: each place then says where the next one ends.
    var gap = Double.infinity
    var end = range.count
    var next: Int32 = -1
    while end > 0 {
      let start = Int(places[end].start)
      gap = min(gap, places[end].score - places[end].second)
      places[end].start = next
      next = Int32(truncatingIfNeeded: end)
      end = start
    }
    var unknown = UnknownRun(self)
    var count = 0
    var magnitude = 0.0
    var start = 0
    while next >= 0 {
      let place = places[Int(next)]
      let step = pathScore(of: place.id)
      steps[count] = step
      count += 1
      magnitude += step.magnitude
      unknown.append(
        place.id, range.lowerBound + start..<range.lowerBound + Int(next), bytes, self, into: &sink)
      start = Int(next)
      next = place.start
    }
    unknown.flush(bytes, self, into: &sink)
    // A little less and a little more, so that making them floats cannot make them wrong.
    return judge(
      UnsafeBufferPointer(rebasing: steps[..<count]), sink.ids, Float(min(gap, 1e30) * 0.999),
      Float(magnitude * 1.001))
  }
}
