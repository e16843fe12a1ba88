// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// Calls `emit(id, range, isByte)` for each token of a segmentation of `bytes[start...]`:
  /// neighbouring unknowns are fused into one, or spelled out in bytes.
  ///
  /// `range` counts bytes of the buffer; all bytes of one unknown stretch share its range in
  /// tokenizer.json's manner, and follow SentencePiece's (all but the last one empty) where
  /// `kinds` is given.
  @inline(__always)
  func tokens(
    _ segments: [Segment], _ bytes: UnsafeBufferPointer<UInt8>, from start: Int,
    emit: (Int32, Range<Int>, Bool) -> Void
  ) {
    let unknown = unknownID
    var position = start
    var index = 0
    while index < segments.count {
      let segment = segments[index]
      guard segment.id == unknown else {
        emit(segment.id, position..<position + segment.length, false)
        position += segment.length
        index += 1
        continue
      }
      let begin = position
      // SentencePiece spells each unknown scalar for itself, `tokenizers` the fused stretch.
      let fuses = !(fallsBackToBytes && roundsToFloat)
      repeat {
        position += segments[index].length
        index += 1
      } while fuses && index < segments.count && segments[index].id == unknown
      emitUnknown(bytes, begin..<position, emit)
    }
  }

  private func emitUnknown(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
    _ emit: (Int32, Range<Int>, Bool) -> Void
  ) {
    let unknown = unknownID
    guard fallsBackToBytes, lookup.value(of: bytes[range]) == nil else {
      emit(unknown, range, false)
      return
    }
    if roundsToFloat {
      for index in range {
        let isLast = index == range.upperBound - 1
        emit(byteIDs[Int(bytes[index])], isLast ? range : range.lowerBound..<range.lowerBound, true)
      }
      return
    }
    let spelled = range.compactMap { byteID(bytes[$0]) }
    guard spelled.count == range.count else {
      emit(unknown, range, false)
      return
    }
    for id in spelled { emit(id, range, true) }
  }

  private func byteID(_ byte: UInt8) -> Int32? {
    byteIDs.isEmpty ? lookup.value(of: Self.bytePiece(byte).utf8) : byteIDs[Int(byte)]
  }
}
