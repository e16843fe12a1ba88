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
        appendNew(bytes, word, nil, &scratch, &score, to: &sink)
        continue
      }
      let key = WordCache.Key(base + word.lowerBound, word.count, kind: .normal)
      if let entry = scratch.words.find(key) {
        if appendKnown(entry, &score, to: &sink) { continue }
        score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
      } else {
        appendNew(bytes, word, key, &scratch, &score, to: &sink)
      }
    }
  }

  /// Appends the ids of a word that is in memory; false if they may be others here.
  @inline(__always)
  func appendKnown(
    _ entry: WordCache.Entry, _ score: inout Double, to sink: inout IDSink
  ) -> Bool {
    guard isSafe(entry.gap, entry.magnitude, score) else { return false }
    let ids = entry.ids
    sink.append(ids)
    guard let scores = matchScores.elements.baseAddress else { return true }
    if isSentencePiece {
      for id in ids { score = Double(Float(score + scores[Int(id)])) }
    } else {
      for id in ids { score += scores[Int(id)] }
    }
    return true
  }

  /// Cuts a word that is not in memory, and keeps it under `key`.
  @inline(__always)
  func appendNew(
    _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ key: WordCache.Key?,
    _ scratch: inout ModelScratch, _ score: inout Double, to sink: inout IDSink
  ) {
    guard let scored, word.count <= FreeCut.longestWord, let base = bytes.baseAddress else {
      score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
      return
    }
    let way = scratch.freeCut
    way.cut(base + word.lowerBound, word.count, scored, self)
    let isSafe = isSafe(way.gap, way.magnitude, score)
    // Scores are found again by ids, so each must stand for itself.
    if let key, !way.hasUnknown {
      scratch.words.insert(key, ids: way.ids, gap: way.gap, magnitude: way.magnitude)
    }
    guard isSafe else {
      score = cut(bytes, word, &scratch.unigram, from: score, into: &sink)
      return
    }
    append(way, bytes, word, to: &sink)
    advance(&score, way.steps)
  }

  @inline(__always)
  private func append(
    _ way: FreeCut, _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, to sink: inout IDSink
  ) {
    guard way.hasUnknown else { return sink.append(way.ids) }
    var unknown = UnknownRun(self)
    var start = word.lowerBound
    for (id, length) in zip(way.ids, way.ends) {
      let end = word.lowerBound + Int(length)
      unknown.append(id, start..<end, bytes, self, into: &sink)
      start = end
    }
    unknown.flush(bytes, self, into: &sink)
  }

  /// Adds what pieces score, one after the other.
  @inline(__always)
  private func advance(_ score: inout Double, _ steps: UnsafeBufferPointer<Double>) {
    if isSentencePiece {
      for step in steps { score = Double(Float(score + step)) }
    } else {
      for step in steps { score += step }
    }
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
}
