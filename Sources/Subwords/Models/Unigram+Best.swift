// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// The best segmentations by rising rank: at each end, the best partial paths are kept in order
  /// (Viterbi with lists; exact, since a path's score is the sum of its pieces').
  func best(_ count: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> [[Segment]] {
    struct Partial {
      var score: Double
      var start: Int
      var id: Int32
      var rank: Int
    }
    let size = bytes.count
    guard size > 0, count > 0 else { return [[]] }
    var ends = [[Partial]](repeating: [], count: size + 1)
    ends[0] = [Partial(score: 0, start: -1, id: 0, rank: 0)]
    var position = 0
    while position < size {
      let here = ends[position].sorted { $0.score > $1.score }.prefix(count)
      ends[position] = Array(here)
      let length = min(Self.scalarLength(bytes[position]), size - position)
      var hasSingle = false
      var found: [(size: Int, id: Int32, score: Double)] = []
      forEachPiece(bytes, position) { size, id in
        found.append((size, id, scores[Int(id)]))
        if size == length { hasSingle = true }
      }
      if !hasSingle { found.append((length, unknownID, unknownScore)) }
      for (size, id, score) in found {
        for (rank, partial) in here.enumerated() {
          ends[position + size].append(
            Partial(score: partial.score + score, start: position, id: id, rank: rank))
        }
      }
      position += length
    }
    ends[size] = Array(ends[size].sorted { $0.score > $1.score }.prefix(count))
    return ends[size].indices.map { index in
      var path: [Segment] = []
      var (end, rank) = (size, index)
      while end > 0 {
        let partial = ends[end][rank]
        path.append(Segment(range: partial.start..<end, id: partial.id))
        (end, rank) = (partial.start, partial.rank)
      }
      return path.reversed()
    }
  }
}
