// SPDX-License-Identifier: Apache-2.0

extension WordPiece {
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into sink: inout some TokenSink
  ) {
    guard !range.isEmpty else { return }
    var ids = [(id: Int32, end: Int)]()
    guard isShort(bytes, range) else { return sink.append(unknownID, range) }
    var position = range.lowerBound
    while position < range.upperBound {
      let pieces = position == range.lowerBound ? vocabulary.lookup : continuing
      guard
        let (length, id) = pieces.longest(bytes, position..<range.upperBound),
        position > range.lowerBound || length > 0
      else { return sink.append(unknownID, range) }
      position += length
      ids.append((id, position))
    }
    var start = range.lowerBound
    for (id, end) in ids {
      sink.append(id, start..<end)
      start = end
    }
  }

  private func isShort(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    if range.count <= maximumScalarsPerWord { return true }
    guard range.count <= 4 * maximumScalarsPerWord else { return false }
    return UTF8Scalar.count(bytes[range]) <= maximumScalarsPerWord
  }
}

extension WordLevel {
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into sink: inout some TokenSink
  ) {
    guard !range.isEmpty, let id = vocabulary.id(of: bytes[range]) ?? unknownID else { return }
    sink.append(id, range)
  }
}

extension PlainPieces {
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into sink: inout some TokenSink
  ) {
    var unknown = UnknownText(unknownID: unknownID)
    let byteIDs = fallsBackToBytes ? byteIDs : []
    var position = range.lowerBound
    while position < range.upperBound {
      let end = cutsWords ? wordEnd(bytes, position, range) : scalarEnd(bytes, position, range)
      let id = matcher.value(of: bytes[position..<end]) ?? unknownID
      unknown.append(id, position..<end, bytes, byteIDs, into: &sink)
      position = end
    }
    unknown.flush(into: &sink)
  }

  private func scalarEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ range: Range<Int>
  ) -> Int {
    if let (length, _) = symbols.longest(bytes, start..<range.upperBound) { return start + length }
    return min(start + UTF8Scalar.length(leading: bytes[start]), range.upperBound)
  }

  /// Where the next mark of a space begins, or the text ends.
  private func wordEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ range: Range<Int>
  ) -> Int {
    var index = start + 1
    while index < range.upperBound {
      if bytes[index] == 0xE2, SentencePieceNormalizer.isMark(bytes, index, range.upperBound) {
        return index
      }
      index += 1
    }
    return range.upperBound
  }
}
