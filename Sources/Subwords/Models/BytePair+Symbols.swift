// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// A stretch of text on its way to being one piece; a link of the list of all of them.
  struct Symbol: BitwiseCopyable {
    /// The table's symbol, ``BytePairAlphabet/unknown``, or below that a user's symbol, which is
    /// never merged.
    var id: Int32
    /// How many bytes it covers.
    var length: Int32
    /// Where it begins, counted from the first symbol of its window.
    var start: Int32
    var previous: Int32
    var next: Int32
  }

  /// A pair that may be merged, as it was when it was found.
  struct Candidate: BitwiseCopyable {
    var rank: Int32
    var position: Int32
    var left: Int32
    var right: Int32
    var symbol: Int32

    /// The lower rank goes first, then the place further left.
    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      rank == other.rank ? position < other.position : rank < other.rank
    }
  }

  /// Reusable memory for segmentations.
  struct Scratch {
    var symbols: [Symbol] = []
    var heap = CandidateHeap()
    /// The last pair that was seen to make each piece that is not to be kept.
    var parts: [Int32: (left: Int32, right: Int32)] = [:]
  }

  static func frozen(_ id: Int32) -> Int32 { -2 - id }

  /// Makes the first symbols of `bytes[range]`, one for each scalar or user's symbol, until `limit`
  /// symbols are there; returns where they end.
  ///
  /// Scalars without a symbol are left to the end in SentencePiece's manner. In tokenizer.json's
  /// they become bytes, join an unknown stretch, or vanish.
  func begin(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, limit: Int,
    _ symbols: inout [Symbol]
  ) -> Int {
    symbols.removeAll(keepingCapacity: true)
    var unknown = 0
    var position = range.lowerBound
    while position < range.upperBound, symbols.count < limit {
      let start = position - range.lowerBound
      if let user = parts.symbols,
        let (length, id) = user.longest(bytes, position..<range.upperBound)
      {
        Self.append(Self.frozen(id), length, start, to: &symbols)
        position += length
        continue
      }
      let (scalar, length) = UTF8Scalar.decode(bytes, at: position)
      let (isFirst, isLast) = (start == 0, position + length == range.upperBound)
      let place = alphabet.hasPlaces ? BytePairAlphabet.place(isFirst: isFirst, isLast: isLast) : 0
      let id = alphabet.symbol(scalar, place: place)
      defer { position += length }
      if id >= 0 || isSentencePiece {
        if unknown > 0 { appendUnknown(&unknown, start, to: &symbols) }
        Self.append(id, length, start, to: &symbols)
        continue
      }
      if fallsBackToBytes, let spelled = spell(bytes[position..<position + length], isFirst, isLast)
      {
        // The reference leaves an unknown stretch before bytes open, and puts it behind them.
        for id in spelled { Self.append(id, 1, start, to: &symbols) }
        continue
      }
      guard unknownID != nil else { continue }
      if unknown > 0, !settings.fusesUnknown { appendUnknown(&unknown, start, to: &symbols) }
      unknown += length
    }
    if unknown > 0 { appendUnknown(&unknown, position - range.lowerBound, to: &symbols) }
    if !symbols.isEmpty { symbols[symbols.count - 1].next = -1 }
    return position
  }

  private func appendUnknown(_ length: inout Int, _ end: Int, to symbols: inout [Symbol]) {
    Self.append(unknownID ?? 0, length, end - length, to: &symbols)
    length = 0
  }

  @inline(__always)
  static func append(_ id: Int32, _ length: Int, _ start: Int, to symbols: inout [Symbol]) {
    let index = Int32(truncatingIfNeeded: symbols.count)
    symbols.append(
      Symbol(
        id: id, length: Int32(truncatingIfNeeded: length),
        start: Int32(truncatingIfNeeded: start), previous: index - 1, next: index + 1))
  }

  /// The byte pieces of a scalar with its affixes; nil if one is missing.
  private func spell(
    _ scalar: Slice<UnsafeBufferPointer<UInt8>>, _ isFirst: Bool, _ isLast: Bool
  ) -> [Int32]? {
    var spelled = [Int32]()
    let prefix = isFirst ? "" : settings.continuingPrefix ?? ""
    let suffix = isLast ? settings.endOfWordSuffix ?? "" : ""
    for byte in Array(prefix.utf8) + scalar + Array(suffix.utf8) {
      guard let id = parts.byteIDs[Int(byte)] else { return nil }
      spelled.append(id)
    }
    return spelled
  }
}
