// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Appends the ids of `bytes[range]`: the same as ``cut(_:_:_:into:)`` gives, word by word with a
  /// memory of words.
  ///
  /// - Parameter key: what else the range is known by, if it is one word.
  func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    key: WordCache.Key? = nil, to sink: inout IDSink
  ) {
    guard !hasUnused else { return cut(bytes, range, &scratch.bytePair, into: &sink) }
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        separatesWords ? MarkedWords.end(bytes, start, range.upperBound) : range.upperBound
      let word = start..<end
      if let key, word == range {
        appendNew(bytes, word, key, &scratch, to: &sink)
        return
      }
      scratch.appendIDs(bytes, word, to: &sink) { scratch, sink in
        cut(bytes, word, &scratch.bytePair, into: &sink)
      }
      start = end
    }
  }

  /// Cuts one word that is not in memory, and keeps it under `key`.
  func appendNew(
    _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ key: WordCache.Key?,
    _ scratch: inout ModelScratch, to sink: inout IDSink
  ) {
    let first = sink.count
    cut(bytes, word, &scratch.bytePair, into: &sink)
    if let key { scratch.words.insert(key, ids: sink.ids(from: first)) }
  }
}
