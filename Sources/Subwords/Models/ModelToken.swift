// SPDX-License-Identifier: Apache-2.0

/// A piece that a model has found, with the bytes of its stretch that it stands for.
struct ModelToken: Equatable {
  var id: Int32
  var range: Range<Int>
}

/// Where a model puts what it finds.
protocol TokenSink {
  /// Takes the next piece; `range` counts bytes of the buffer that is being cut.
  mutating func append(_ id: Int32, _ range: Range<Int>)
}

/// Keeps ids alone.
struct IDSink: TokenSink {
  var ids: [Int32] = []

  @inline(__always)
  mutating func append(_ id: Int32, _ range: Range<Int>) { ids.append(id) }

  @inline(__always)
  mutating func append(_ more: UnsafeBufferPointer<Int32>) {
    if more.count == 1 { ids.append(more[0]) } else { ids.append(contentsOf: more) }
  }
}

/// Keeps ids and ranges.
struct RangeSink: TokenSink {
  var tokens: [ModelToken] = []

  @inline(__always)
  mutating func append(_ id: Int32, _ range: Range<Int>) {
    tokens.append(ModelToken(id: id, range: range))
  }
}

/// The reusable memory of all models; one thread uses it at a time.
struct ModelScratch {
  var unigram = Unigram.Scratch()
  var bytePair = BytePair.Scratch()
  let words = WordCache()
  /// Normalised text.
  let normal = ByteBuffer()
}

extension SubwordModel {
  /// Cuts `bytes[range]`, which is valid UTF-8, into pieces.
  @inline(__always)
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    into sink: inout some TokenSink
  ) {
    switch self {
    case .unigram(let model): model.cut(bytes, range, &scratch.unigram, into: &sink)
    case .bytePair(let model): model.cut(bytes, range, &scratch.bytePair, into: &sink)
    case .wordPiece(let model): model.cut(bytes, range, into: &sink)
    case .wordLevel(let model): model.cut(bytes, range, into: &sink)
    case .plain(let model): model.cut(bytes, range, into: &sink)
    }
  }

  /// Appends the ids of `bytes[range]`, by the thread's memory of words where that is faster.
  @inline(__always)
  func appendIDs(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scratch: inout ModelScratch,
    to sink: inout IDSink
  ) {
    switch self {
    case .unigram(let model): model.appendIDs(bytes, range, &scratch, to: &sink)
    case .bytePair(let model): model.appendIDs(bytes, range, &scratch, to: &sink)
    case .wordPiece(let model):
      scratch.appendIDs(bytes, range, to: &sink) { _, sink in
        model.cut(bytes, range, into: &sink)
      }
    case .wordLevel(let model): model.cut(bytes, range, into: &sink)
    case .plain(let model): model.cut(bytes, range, into: &sink)
    }
  }

  /// What a token shows as its piece: SentencePiece and tokenizer.json's Unigram give unknown text
  /// as it stands, other models the unknown piece.
  var showsUnknownText: Bool {
    switch self {
    case .unigram, .plain: true
    case .bytePair(let model): model.isSentencePiece
    case .wordPiece, .wordLevel: false
    }
  }
}
