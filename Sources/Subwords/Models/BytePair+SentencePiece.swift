// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Makes a model in SentencePiece's manner: any two neighbours that make a piece are merged, the
  /// piece with the highest score first.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order.
  ///   - scores: one for each piece, higher first; training gives 0, -1, -2, ...
  ///   - kinds: one for each piece.
  ///   - unknownID: the id of the unknown piece.
  ///   - fallsBackToBytes: whether unknown scalars become `<0xHH>` pieces.
  public convenience init(
    pieces: [String], scores: [Double], kinds: [PieceKind], unknownID: Int32,
    fallsBackToBytes: Bool = false
  ) throws(SubwordError) {
    let vocabulary = try Vocabulary(pieces)
    try SentencePieceChecks.check(vocabulary, scores, kinds, unknownID, fallsBackToBytes)
    let found = pieces.indices.filter {
      [.normal, .userDefined, .unused].contains(kinds[$0])
    }
    let alphabet = Self.scalars(of: pieces, found: found)
    let ranks = Self.ranks(scores)
    let known = try PieceTrie(found.map { (Array(pieces[$0].utf8)[...], Int32($0)) })
    var entries = [(left: Int32, right: Int32, result: MergeTable.Result)]()
    for id in found {
      let bytes = Array(pieces[id].utf8)
      for cut in bytes.indices.dropFirst() where bytes[cut] & 0xC0 != 0x80 {
        guard let left = alphabet.symbol(of: bytes[..<cut], known),
          let right = alphabet.symbol(of: bytes[cut...], known)
        else { continue }
        entries.append((left, right, .init(rank: ranks[id], symbol: Int32(id))))
      }
    }
    let users = pieces.indices.filter { kinds[$0] == .userDefined }
    let hasUnused = kinds.contains(.unused)
    self.init(
      Parts(
        vocabulary: vocabulary,
        settings: Settings(
          unknownPiece: pieces[Int(unknownID)], fallsBackToBytes: fallsBackToBytes),
        scores: scores, kinds: kinds, unknownID: unknownID, table: MergeTable(entries),
        alphabet: BytePairAlphabet([alphabet.entries]),
        ids: FixedArray(
          pieces.indices.map(Int32.init) + alphabet.extraLengths.map { _ in unknownID }),
        lengths: FixedArray(pieces.map { Int32($0.utf8.count) } + alphabet.extraLengths),
        byteIDs: vocabulary.byteIDs, spelling: fallsBackToBytes ? vocabulary.allByteIDs : [],
        symbols: users.isEmpty
          ? nil : try PieceTrie(users.map { (Array(pieces[$0].utf8)[...], Int32($0)) }),
        hasUnused: hasUnused,
        // What an unused piece is taken apart into may have been seen in another word.
        separatesWords: !hasUnused && MarkedWords.areSeparate(found.lazy.map { pieces[$0] })))
  }

  /// Equal scores get equal ranks, higher scores smaller ones.
  private static func ranks(_ scores: [Double]) -> [Int32] {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var ranks = [Int32](repeating: 0, count: scores.count)
    var rank: Int32 = -1
    var last: Double?
    for index in order {
      if last != scores[index] { rank += 1 }
      last = scores[index]
      ranks[index] = rank
    }
    return ranks
  }

  /// The symbols of single scalars: pieces, and behind them the scalars that only occur inside.
  private struct Scalars {
    var known: [UInt32: Int32] = [:]
    var entries: [(scalar: UInt32, symbol: Int32)] = []
    var extraLengths: [Int32] = []

    mutating func add(_ scalar: UInt32, _ symbol: Int32) {
      known[scalar] = symbol
      entries.append((scalar, symbol))
    }

    /// The symbol of a part of a piece: a piece, or a scalar by itself.
    func symbol(of part: ArraySlice<UInt8>, _ pieces: PieceTrie) -> Int32? {
      let (scalar, length) = part.withUnsafeBufferPointer { UTF8Scalar.decode($0, at: 0) }
      return length == part.count ? known[scalar] : pieces.value(of: part)
    }
  }

  private static func scalars(
    of pieces: [String], found: [Int]
  ) -> Scalars {
    var result = Scalars()
    for id in found {
      let scalars = pieces[id].unicodeScalars
      if let only = scalars.first, scalars.count == 1 { result.add(only.value, Int32(id)) }
    }
    for piece in pieces {
      for scalar in piece.unicodeScalars where result.known[scalar.value] == nil {
        result.add(scalar.value, Int32(pieces.count + result.extraLengths.count))
        result.extraLengths.append(Int32(UTF8.width(scalar)))
      }
    }
    return result
  }
}
