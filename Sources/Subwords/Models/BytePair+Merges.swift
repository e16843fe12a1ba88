// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Makes a model with a list of merges, as in tokenizer.json.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order; an empty string is an id without a piece.
  ///   - merges: the merges, the first one first; left and right together, without the prefix of
  ///     the right one, must be a piece.
  ///   - settings: the settings.
  /// - Throws: ``SubwordError/Code/malformed`` if a merge makes no piece, or the unknown piece is
  ///   missing.
  public convenience init(
    pieces: [String], merges: [Merge], settings: Settings = Settings()
  ) throws(SubwordError) {
    let vocabulary = try Vocabulary(pieces)
    let prefix = settings.continuingPrefix?.utf8.count ?? 0
    var entries = [(left: Int32, right: Int32, result: MergeTable.Result)]()
    entries.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      guard pieces.indices.contains(Int(merge.left)), pieces.indices.contains(Int(merge.right))
      else {
        throw SubwordError(
          .malformed, "expected ids below \(pieces.count) in merge \(rank), found another")
      }
      let (left, right) = (pieces[Int(merge.left)], pieces[Int(merge.right)])
      let joined = Array(left.utf8) + Array(right.utf8.dropFirst(prefix))
      guard let symbol = vocabulary.id(of: joined) else {
        throw SubwordError(
          .malformed,
          "expected “\(String(decoding: joined, as: UTF8.self))”, which merge \(rank) makes, in the "
            + "vocabulary, found none")
      }
      entries.append((merge.left, merge.right, .init(rank: Int32(rank), symbol: symbol)))
    }
    let unknownID = settings.unknownPiece.flatMap { vocabulary.id(of: $0) }
    if let unknown = settings.unknownPiece, !unknown.isEmpty, unknownID == nil {
      throw SubwordError(
        .malformed, "expected the unknown piece “\(unknown)” in the vocabulary, found none")
    }
    if let dropout = settings.dropout, !(0...1 ~= dropout) {
      throw SubwordError(.malformed, "expected a dropout from 0 to 1, found \(dropout)")
    }
    let alphabet = Self.alphabet(pieces, settings)
    let mark = String(decoding: SentencePieceNormalizer.mark, as: UTF8.self)
    let results = entries.lazy.map { pieces[Int($0.result.symbol)] }
    self.init(
      Parts(
        vocabulary: vocabulary, merges: merges, settings: settings, unknownID: unknownID,
        table: MergeTable(entries), alphabet: alphabet,
        ids: FixedArray(pieces.indices.map(Int32.init)),
        lengths: FixedArray(pieces.map { Int32($0.utf8.count) }),
        byteIDs: settings.fallsBackToBytes
          ? vocabulary.byteIDs : Array(repeating: nil, count: 256),
        separatesWords: !alphabet.hasPlaces && !settings.ignoresMerges
          && vocabulary.id(of: mark) != nil && MarkedWords.areSeparate([mark] + results)))
  }

  private static func alphabet(_ pieces: [String], _ settings: Settings) -> BytePairAlphabet {
    let prefix = Array((settings.continuingPrefix ?? "").unicodeScalars)
    let suffix = Array((settings.endOfWordSuffix ?? "").unicodeScalars)
    let places = prefix.isEmpty && suffix.isEmpty ? 0..<1 : 0..<4
    return BytePairAlphabet(
      places.map { place in
        let before = place & 1 == 0 ? [] : prefix
        let after = place & 2 == 0 ? [] : suffix
        return pieces.enumerated().compactMap { id, piece in
          // Longer pieces cannot be one scalar with its affixes; counting them all would cost.
          guard piece.utf8.count <= 4 * (1 + before.count + after.count) else { return nil }
          let scalars = Array(piece.unicodeScalars)
          guard scalars.count == before.count + 1 + after.count, scalars.starts(with: before),
            scalars.suffix(after.count) == after[...]
          else { return nil }
          return (scalars[before.count].value, Int32(id))
        }
      })
  }
}
