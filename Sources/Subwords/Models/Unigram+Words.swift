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
    guard separatesWords, let base = bytes.baseAddress else {
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
      let hash = WordCache.hash(base + word.lowerBound, word.count)
      if let entry = scratch.words.find(hash, base + word.lowerBound, word.count) {
        if isSafe(entry.gap, entry.magnitude, word.count, score) {
          sink.append(scratch.words.ids(of: entry))
          for step in scratch.words.steps(of: entry) { score = rounded(score + step) }
        } else {
          score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
        }
        continue
      }
      score = cutNew(bytes, word, hash, &scratch, from: score, to: &sink)
    }
  }

  /// Cuts a word that is not in memory, and keeps it.
  private func cutNew(
    _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ hash: UInt64,
    _ scratch: inout ModelScratch, from start: Double, to sink: inout IDSink
  ) -> Double {
    let first = sink.ids.count
    var score = start
    let isDone = cutFreely(bytes, word, into: &sink) { steps, ids, gap, magnitude in
      if let base = bytes.baseAddress {
        scratch.words.insert(
          hash, base + word.lowerBound, word.count, ids: ids[first...], steps: steps, gap: gap,
          magnitude: magnitude)
      }
      guard isSafe(gap, magnitude, word.count, score) else { return false }
      for step in steps { score = rounded(score + step) }
      return true
    }
    if isDone { return score }
    sink.ids.removeLast(sink.ids.count - first)
    return cut(bytes, word, &scratch.unigram, from: start, into: &sink)
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
