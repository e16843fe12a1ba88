// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// A piece of a segmentation: its id, and how many bytes it covers.
  struct Segment: Equatable {
    var id: Int32
    var length: Int
  }

  /// One end of a partial path: its score, the piece that ends here, and the path it goes on from.
  private struct Step {
    var score: Double
    var id: Int32
    var start: Int
    var rank: Int
  }

  /// The `count` best segmentations of `bytes`, the best first.
  ///
  /// At each place the best `count` partial paths are kept (Viterbi over lists), which is exact;
  /// cost grows with `count` × log `count` per match. Segmentations with equal scores come in the
  /// order in which they are found.
  func bestSegments(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) -> [(
    segments: [Segment], score: Double
  )] {
    var steps = [[Step]](repeating: [], count: bytes.count + 1)
    steps[0] = [Step(score: 0, id: -1, start: -1, rank: 0)]
    guard count > 0, !bytes.isEmpty else { return count > 0 ? [([], 0)] : [] }
    matcher.trie.units.withUnsafeBufferPointer { units in
      var position = 0
      while position < bytes.count {
        Self.keepBest(&steps[position], count)
        let length = min(UTF8Scalar.length(leading: bytes[position]), bytes.count - position)
        var coversScalar = false
        var state = matcher.trie.root
        var index = position
        while index < bytes.count, let id = DoubleArray.step(units, &state, bytes[index]) {
          index += 1
          guard id >= 0 else { continue }
          Self.extend(&steps, from: position, to: index, id: id, score: matchScores[Int(id)])
          if index - position == length { coversScalar = true }
        }
        if !coversScalar {
          Self.extend(
            &steps, from: position, to: position + length, id: unknownID, score: unknownScore)
        }
        position += length
      }
    }
    Self.keepBest(&steps[bytes.count], count)
    return steps[bytes.count].map { last in
      var segments = [Segment]()
      var step = last
      var end = bytes.count
      while end > 0 {
        segments.append(Segment(id: step.id, length: end - step.start))
        end = step.start
        step = steps[end][step.rank]
      }
      return (segments.reversed(), last.score)
    }
  }

  /// The ids of a segmentation, unknown text fused or spelled out.
  func ids(_ segments: [Segment], _ bytes: UnsafeBufferPointer<UInt8>) -> [Int32] {
    var sink = IDSink()
    var unknown = UnknownRun(self)
    var position = 0
    for segment in segments {
      let range = position..<position + segment.length
      unknown.append(segment.id, range, bytes, self, into: &sink)
      position = range.upperBound
    }
    unknown.flush(bytes, self, into: &sink)
    return sink.ids
  }

  private static func extend(
    _ steps: inout [[Step]], from start: Int, to end: Int, id: Int32, score: Double
  ) {
    for (rank, step) in steps[start].enumerated() {
      steps[end].append(Step(score: step.score + score, id: id, start: start, rank: rank))
    }
  }

  private static func keepBest(_ steps: inout [Step], _ count: Int) {
    let order = steps.indices.sorted {
      steps[$0].score == steps[$1].score ? $0 < $1 : steps[$0].score > steps[$1].score
    }
    steps = order.prefix(count).map { steps[$0] }
  }
}
