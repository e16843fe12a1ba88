// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// Appends the ids of `bytes[range]`: the same as ``cut(_:_:_:from:into:)`` gives, word by word with a
  /// memory of words.
  ///
  /// A path's score is rounded at every step, so which of two nearly equal ways to cut a word wins
  /// depends on the score up to it. Each word in memory has the gap by which its best way wins; it is used
  /// only where the gap exceeds all that rounding can do there.
  ///
  /// - Parameters:
  ///   - score: what the path to the start of the range scores; then to its end.
  ///   - key: what else the range is known by, if it is one word.
  func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    score: inout Double, key: WordCache.Key? = nil, to sink: inout IDSink
  ) {
    guard separatesWords, let base = bytes.baseAddress else {
      score = cut(bytes, range, &scratch.unigram, from: score, into: &sink)
      return
    }
    var start = range.lowerBound
    while start < range.upperBound {
      let end = MarkedWords.end(bytes, start, range.upperBound)
      let word = start..<end
      start = end
      if let key, word == range {
        appendNew(bytes, word, key, &scratch, &score, to: &sink)
        return
      }
      guard word.count <= WordCache.longestKey else {
        score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
        continue
      }
      let key = WordCache.Key(base + word.lowerBound, word.count, kind: .normal)
      if let entry = scratch.words.find(key) {
        if appendKnown(entry, scratch.words, &score, to: &sink) { continue }
        score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
      } else {
        appendNew(bytes, word, key, &scratch, &score, to: &sink)
      }
    }
  }

  /// Appends the ids of a word that is in memory; false if they may be others here.
  @inline(__always)
  func appendKnown(
    _ entry: WordCache.Entry, _ words: WordCache, _ score: inout Double,
    to sink: inout IDSink
  ) -> Bool {
    guard isSafe(entry.gap, entry.magnitude, score) else { return false }
    sink.append(words.ids(of: entry))
    for step in words.steps(of: entry) { score = rounded(score + step) }
    return true
  }

  /// Cuts a word that is not in memory, and keeps it.
  private func appendNew(
    _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ key: WordCache.Key,
    _ scratch: inout ModelScratch, _ score: inout Double, to sink: inout IDSink
  ) {
    let first = sink.ids.count
    let start = score
    let isDone = cutFreely(bytes, word, into: &sink) { steps, ids, gap, magnitude in
      scratch.words.insert(
        key, ids: ids[first...], steps: steps, gap: gap, magnitude: magnitude)
      guard isSafe(gap, magnitude, start) else { return false }
      for step in steps { score = rounded(score + step) }
      return true
    }
    if isDone { return }
    sink.ids.removeLast(sink.ids.count - first)
    score = cut(bytes, word, &scratch.unigram, from: start, into: &sink)
  }

  /// Whether rounding cannot change which way to cut a word wins.
  ///
  /// On each of two ways every sum is rounded by half a unit in the last place; there are at most as many
  /// as a word has bytes. `gap` is already divided by that number.
  @inline(__always)
  private func isSafe(_ gap: Float, _ magnitude: Float, _ score: Double) -> Bool {
    let unit = isSentencePiece ? 0x1p-23 : 0x1p-52
    return Double(gap) > unit * (score.magnitude + Double(magnitude))
  }

  @inline(__always)
  func rounded(_ score: Double) -> Double {
    isSentencePiece ? Double(Float(score)) : score
  }
}
