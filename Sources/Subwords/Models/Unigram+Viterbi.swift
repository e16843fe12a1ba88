// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// A piece of a segmentation: its id, and how many bytes it covers.
  struct Segment: Equatable {
    var id: Int32
    var length: Int
  }

  /// Reusable memory for segmentations; one for each thread.
  struct Scratch {
    fileprivate var scores: [Double] = []
    fileprivate var starts: [Int32] = []
    fileprivate var ids: [Int32] = []
    var segments: [Segment] = []

    fileprivate mutating func prepare(_ count: Int) {
      if scores.count < count {
        let size = max(256, count * 2)
        scores = Array(repeating: 0, count: size)
        starts = Array(repeating: -1, count: size)
        ids = Array(repeating: -1, count: size)
      }
      for index in 0..<count { starts[index] = -1 }
      scores[0] = 0
      segments.removeAll(keepingCapacity: true)
    }
  }

  /// Leaves the best segmentation of `bytes[range]` in `scratch.segments`, unknown scalars as one
  /// segment each; ties go to the path found first.
  ///
  /// Time is linear in the length times the longest piece.
  func segment(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout Scratch
  ) {
    let count = range.count
    scratch.prepare(count + 1)
    guard count > 0 else { return }
    let unknown = unknownID
    matcher.trie.units.withUnsafeBufferPointer { units in
      matchScores.withUnsafeBufferPointer { matchScores in
        scratch.scores.withUnsafeMutableBufferPointer { scores in
          scratch.starts.withUnsafeMutableBufferPointer { starts in
            scratch.ids.withUnsafeMutableBufferPointer { ids in
              var position = 0
              while position < count {
                let begin = range.lowerBound + position
                let length = min(UTF8Scalar.length(leading: bytes[begin]), count - position)
                let score = scores[position]
                var coversScalar = false
                var state = matcher.trie.root
                var index = begin
                while index < range.upperBound,
                  let id = DoubleArray.step(units, &state, bytes[index])
                {
                  index += 1
                  guard id >= 0, Int(id) < matchScores.count else { continue }
                  let end = index - range.lowerBound
                  let candidate = rounded(score + matchScores[Int(id)])
                  if starts[end] < 0 || candidate > scores[end] {
                    scores[end] = candidate
                    starts[end] = Int32(position)
                    ids[end] = id
                  }
                  if end - position == length { coversScalar = true }
                }
                if !coversScalar {
                  let end = position + length
                  let candidate = rounded(score + unknownScore)
                  if starts[end] < 0 || candidate > scores[end] {
                    scores[end] = candidate
                    starts[end] = Int32(position)
                    ids[end] = unknown
                  }
                }
                position += length
              }
            }
          }
        }
      }
    }
    var end = count
    while end > 0 {
      let start = Int(scratch.starts[end])
      scratch.segments.append(Segment(id: scratch.ids[end], length: end - start))
      end = start
    }
    scratch.segments.reverse()
  }

  /// A path's score in the precision that decides between near-equal paths: the sum of two floats
  /// is exact in double, so rounding it once gives what single-precision addition gives.
  @inline(__always)
  private func rounded(_ score: Double) -> Double {
    roundsToFloat ? Double(Float(score)) : score
  }
}
