// SPDX-License-Identifier: Apache-2.0

/// What becomes of text that no piece covers, in SentencePiece's manner: neighbours are one unknown
/// piece, or every scalar is spelled in bytes, of which all but the last stand for nothing.
struct UnknownText {
  private let unknownID: Int32
  private var pending: Range<Int>?

  init(unknownID: Int32) { self.unknownID = unknownID }

  /// Takes a piece in order of the text.
  ///
  /// - Parameter byteIDs: the ids of the byte pieces; empty without byte fallback.
  @inline(__always)
  mutating func append(
    _ id: Int32, _ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ byteIDs: [Int32],
    into sink: inout some TokenSink
  ) {
    guard id == unknownID else {
      if pending != nil { flush(into: &sink) }
      sink.append(id, range)
      return
    }
    guard !byteIDs.isEmpty else {
      pending = (pending?.lowerBound ?? range.lowerBound)..<range.upperBound
      return
    }
    for index in range {
      let isLast = index == range.upperBound - 1
      sink.append(
        byteIDs[Int(bytes[index])], isLast ? range : range.lowerBound..<range.lowerBound)
    }
  }

  mutating func flush(into sink: inout some TokenSink) {
    if let range = pending { sink.append(unknownID, range) }
    pending = nil
  }
}
