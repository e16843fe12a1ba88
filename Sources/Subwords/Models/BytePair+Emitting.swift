// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Hands merged symbols on, each in the manner of its model.
  struct Output {
    private let model: BytePair
    private var unknown: UnknownText
    /// Where the next symbol begins in tokenizer.json's manner: by the lengths alone, whatever was
    /// dropped before.
    private var position: Int
    /// Where the word ends; bytes of affixes count as text and may run beyond.
    private let end: Int

    init(_ model: BytePair, _ range: Range<Int>) {
      self.model = model
      end = range.upperBound
      unknown = UnknownText(unknownID: model.unknownID ?? -1)
      position = range.lowerBound
    }

    mutating func flush(into sink: inout some TokenSink) { unknown.flush(into: &sink) }

    /// Hands on the first `count` symbols of a window that begins at `start`.
    mutating func append(
      _ scratch: Scratch, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int,
      into sink: inout some TokenSink
    ) {
      for symbol in scratch.symbols[..<count] where symbol.length > 0 {
        guard model.isSentencePiece else {
          let range = position..<min(end, position + Int(symbol.length))
          position = range.upperBound
          if model.settings.fusesUnknown {
            unknown.append(symbol.id, range, bytes, model.parts.spelling, into: &sink)
          } else {
            sink.append(symbol.id, range)
          }
          continue
        }
        let begin = start + Int(symbol.start)
        let range = begin..<begin + Int(symbol.length)
        if model.hasUnused, symbol.id >= 0, model.isUnused(symbol.id) {
          takeApart(symbol.id, range, scratch.parts, bytes, into: &sink)
        } else {
          unknown.append(model.id(of: symbol.id), range, bytes, model.parts.spelling, into: &sink)
        }
      }
    }

    /// Undoes merges until no piece is left that is not to be kept.
    private mutating func takeApart(
      _ symbol: Int32, _ range: Range<Int>, _ parts: [Int32: (left: Int32, right: Int32)],
      _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout some TokenSink
    ) {
      var open = [symbol]
      var position = range.lowerBound
      while let symbol = open.popLast() {
        if model.isUnused(symbol), let pair = parts[symbol] {
          open += [pair.right, pair.left]
          continue
        }
        let end = position + Int(model.parts.lengths[Int(symbol)])
        // What was not made of two, a scalar by itself, is unknown.
        let id = model.isUnused(symbol) ? model.unknownID ?? -1 : model.id(of: symbol)
        unknown.append(id, position..<end, bytes, model.parts.spelling, into: &sink)
        position = end
      }
    }
  }

  private func isUnused(_ symbol: Int32) -> Bool {
    Int(symbol) < parts.kinds.count && parts.kinds[Int(symbol)] == .unused
  }

  /// The id that a symbol leaves as.
  @inline(__always)
  private func id(of symbol: Int32) -> Int32 {
    if symbol >= 0 { return parts.ids[Int(symbol)] }
    return symbol == BytePairAlphabet.unknown ? unknownID ?? -1 : Self.frozen(symbol)
  }
}
