// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Appends the ids of `bytes[range]`: the same as ``cut(_:_:_:into:)`` gives, word by word with a
  /// memory of words.
  func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    to sink: inout IDSink
  ) {
    guard !hasUnused else { return cut(bytes, range, &scratch.bytePair, into: &sink) }
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        separatesWords ? MarkedWords.end(bytes, start, range.upperBound) : range.upperBound
      let word = start..<end
      scratch.appendIDs(bytes, word, to: &sink) { scratch, sink in
        cut(bytes, word, &scratch.bytePair, into: &sink)
      }
      start = end
    }
  }
}
