// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// Text that no piece covers, in the manner of the model: SentencePiece's, or tokenizer.json's, where
  /// neighbours are one stretch first and then, all of it, bytes with the same range.
  struct UnknownRun {
    private var sentencePiece: UnknownText
    private var pending: Range<Int>?

    init(_ model: Unigram) {
      sentencePiece = UnknownText(unknownID: model.unknownID)
    }

    @inline(__always)
    mutating func append(
      _ id: Int32, _ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ model: Unigram,
      into sink: inout some TokenSink
    ) {
      if model.isSentencePiece {
        sentencePiece.append(id, range, bytes, model.spelling, into: &sink)
      } else if id == model.unknownID {
        pending = (pending?.lowerBound ?? range.lowerBound)..<range.upperBound
      } else {
        if pending != nil { spell(bytes, model, into: &sink) }
        sink.append(id, range)
      }
    }

    @inline(__always)
    mutating func flush(
      _ bytes: UnsafeBufferPointer<UInt8>, _ model: Unigram, into sink: inout some TokenSink
    ) {
      sentencePiece.flush(into: &sink)
      if pending != nil { spell(bytes, model, into: &sink) }
    }

    private mutating func spell(
      _ bytes: UnsafeBufferPointer<UInt8>, _ model: Unigram, into sink: inout some TokenSink
    ) {
      guard let range = pending else { return }
      pending = nil
      guard model.fallsBackToBytes, model.vocabulary.id(of: bytes[range]) == nil,
        range.allSatisfy({ model.byteIDs[Int(bytes[$0])] != nil })
      else { return sink.append(model.unknownID, range) }
      for index in range { sink.append(model.byteIDs[Int(bytes[index])] ?? 0, range) }
    }
  }
}
