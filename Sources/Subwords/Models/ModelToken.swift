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

/// Keeps ids alone, in memory that its owner may use again.
struct IDSink: TokenSink {
  private let buffer: IDBuffer

  init(_ buffer: IDBuffer = IDBuffer()) { self.buffer = buffer }

  var count: Int { buffer.count }
  /// All ids.
  var ids: [Int32] { Array(buffer.ids) }

  /// The ids from a place on; valid until the next change.
  func ids(from start: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(rebasing: buffer.ids[start...])
  }

  @inline(__always)
  mutating func append(_ id: Int32, _ range: Range<Int>) { buffer.append(id) }

  @inline(__always)
  mutating func append(_ id: Int32) { buffer.append(id) }

  @inline(__always)
  mutating func append(_ more: UnsafeBufferPointer<Int32>) { buffer.append(more) }

  mutating func append(_ more: [Int32]) { more.withUnsafeBufferPointer { buffer.append($0) } }

  mutating func removeLast(_ number: Int) { buffer.removeLast(number) }

  /// Makes other ids of those from a place on.
  mutating func map(from start: Int, _ change: (Int32) -> Int32) {
    buffer.map(from: start, change)
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
  let freeCut = FreeCut()
  let words = WordCache()
  /// Normalised text.
  let normal = ByteBuffer()
  /// The ids of a text.
  let ids = IDBuffer()
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
    case .unigram(let model):
      var score = 0.0
      model.appendIDs(bytes, range, &scratch, score: &score, to: &sink)
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
