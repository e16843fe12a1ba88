// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// Appends the ids of `bytes[range]`: the same as ``cut(_:_:_:into:)`` gives, word by word with a
  /// memory of words.
  ///
  /// A path's score is rounded at every step, so which of two nearly equal ways to cut a word wins
  /// depends on the score up to it. Each word in memory has the gap by which its best way wins; it is used
  /// only where the gap exceeds all that rounding can do there.
  func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    to sink: inout IDSink
  ) {
    guard separatesWords else {
      cut(bytes, range, &scratch.unigram, into: &sink)
      return
    }
    var score = 0.0
    var start = range.lowerBound
    while start < range.upperBound {
      let end = MarkedWords.end(bytes, start, range.upperBound)
      let word = start..<end
      start = end
      guard word.count <= WordCache.longestKey else {
        score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
        continue
      }
      let hash = WordCache.hash(bytes, word)
      if let entry = scratch.words.find(hash, bytes, word) {
        if isSafe(entry.gap, entry.magnitude, word.count, score) {
          scratch.words.append(entry, to: &sink.ids)
          scratch.words.steps.withUnsafeBufferPointer { steps in
            let first = Int(entry.steps)
            for index in first..<first + Int(entry.stepCount) {
              score = rounded(score + steps[index])
            }
          }
        } else {
          score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
        }
        continue
      }
      let first = sink.ids.count
      let (gap, magnitude) = cutFreely(bytes, word, &scratch.unigram, into: &sink)
      scratch.words.insert(
        hash, bytes, word, ids: sink.ids[first...], steps: scratch.unigram.steps, gap: gap,
        magnitude: magnitude)
      if isSafe(gap, magnitude, word.count, score) {
        for step in scratch.unigram.steps { score = rounded(score + step) }
      } else {
        sink.ids.removeLast(sink.ids.count - first)
        score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
      }
    }
  }

  /// Whether rounding cannot change which way to cut a word wins: on each of two ways at most `count`
  /// sums are rounded by half a unit in the last place.
  @inline(__always)
  private func isSafe(_ gap: Float, _ magnitude: Float, _ count: Int, _ score: Double) -> Bool {
    let unit = isSentencePiece ? 0x1p-23 : 0x1p-52
    return Double(gap) > unit * Double(count) * (score.magnitude + Double(magnitude))
  }

  @inline(__always)
  func rounded(_ score: Double) -> Double {
    isSentencePiece ? Double(Float(score)) : score
  }
}
