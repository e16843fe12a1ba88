// SPDX-License-Identifier: Apache-2.0

/// Learns byte-pair merges (Sennrich and others, 2016): words begin as scalars, and again and again the pair of
/// neighbours that counts most becomes a symbol.
///
/// Of pairs with equal counts, the one whose left symbol has the smaller bytes goes first, then the one whose right
/// symbol has. Where a pair overlaps itself (`aaa`), it is joined from the left of the word. A pair that spells a piece
/// that is there already (`a` + `bc` after `ab` + `c`) becomes that piece: a merge without a new piece. The counts are
/// always those of a text that was encoded with all merges so far. Time is linear in the joins made, memory about
/// 28 bytes for each symbol of the distinct words and 40 for each distinct pair. One thread does the work, so there is
/// one result.
public struct BytePairTrainer: Sendable {
  /// What is to be learned.
  public struct Settings: Sendable, Equatable {
    /// How many pieces there are to be, the alphabet included.
    public var vocabularySize: Int
    /// The longest piece, in scalars of text without affixes.
    public var maximumPieceLength: Int
    /// Pairs that count less are not merged.
    public var minimumPairCount: Int64
    /// What stands before symbols inside a word, as WordPiece's `##`; nil or empty for none.
    public var continuingPrefix: String?
    /// What stands behind the last symbol of a word; nil or empty for none.
    public var endOfWordSuffix: String?

    /// Makes settings; the default length is SentencePiece's.
    public init(
      vocabularySize: Int, maximumPieceLength: Int = 16, minimumPairCount: Int64 = 2,
      continuingPrefix: String? = nil, endOfWordSuffix: String? = nil
    ) {
      self.vocabularySize = vocabularySize
      self.maximumPieceLength = maximumPieceLength
      self.minimumPairCount = minimumPairCount
      self.continuingPrefix = continuingPrefix
      self.endOfWordSuffix = endOfWordSuffix
    }
  }

  /// The settings.
  public let settings: Settings

  /// Makes a trainer.
  public init(_ settings: Settings) { self.settings = settings }

  /// Learns from words.
  ///
  /// - Parameters:
  ///   - words: the words.
  ///   - alphabet: the scalars that become pieces whether they occur or not; repeated ones count once. Scalars of the
  ///     words that are not among them are dropped, and no merge crosses their place.
  ///   - progress: told now and then how many pieces there are.
  /// - Returns: the pieces and merges; fewer pieces than asked for if no pair is left that counts enough.
  /// - Throws: ``SubwordError/Code/invalidArgument`` if a setting is out of its range, a count is negative or the counts
  ///   are too large to add up, the alphabet alone is larger than the vocabulary, or there are more than 2³¹ symbols.
  public func train(
    _ words: WordTable, alphabet: [Unicode.Scalar], progress: (Int) -> Void = { _ in }
  ) throws(SubwordError) -> Result {
    try check(words)
    var pieces = PieceInventory()
    let symbols = try BytePairAlphabetCounter(alphabet, settings).symbols(of: words, &pieces)
    let alphabetSize = pieces.count
    guard alphabetSize <= settings.vocabularySize else {
      throw SubwordError(
        .invalidArgument,
        "expected a vocabulary of at least \(alphabetSize) pieces, which the alphabet alone needs, "
          + "found \(settings.vocabularySize): ask for more pieces, or for a smaller alphabet")
    }
    var counts = symbols.counts
    var merges = [Merge]()
    // The symbols own memory and are taken apart here, once.
    var text = MergeText(symbols.places(), counts: words.counts)
    var queue = PairQueue()
    for pair in 0..<text.table.pairs.count {
      enqueue(Int32(pair), &queue, text.table, pieces)
    }
    while pieces.count < settings.vocabularySize,
      let pair = next(&queue, text.table, pieces)
    {
      let known = text.table.pairs.base[Int(pair)]
      let piece = pieces.insert(
        joined(pieces, known), length: pieces.length(known.left) + pieces.length(known.right))
      if Int(piece) == counts.count { counts.append(known.count) }
      text.table.pairs.base[Int(pair)].merge = Int32(merges.count)
      merges.append(
        Merge(left: known.left, right: known.right, piece: piece, count: known.count))
      replay(pair, merges, &text, &queue, pieces)
      if pieces.count & 1023 == 0 { progress(pieces.count) }
    }
    return Result(
      pieces: (0..<pieces.count).map { pieces.spelling(Int32($0)) }, counts: counts,
      alphabetSize: alphabetSize, merges: merges, asked: settings.vocabularySize)
  }

  /// Makes a merge, then those of before that have become possible again, the first one first.
  private func replay(
    _ pair: Int32, _ merges: [Merge], _ text: inout MergeText, _ queue: inout PairQueue,
    _ pieces: borrowing PieceInventory
  ) {
    var waiting = [pair]
    while let now = waiting.min(by: {
      text.table.pairs.base[Int($0)].merge < text.table.pairs.base[Int($1)].merge
    }) {
      waiting.removeAll { $0 == now }
      text.merge(now, into: merges[Int(text.table.pairs.base[Int(now)].merge)].piece)
      for pair in text.touched.elements {
        if text.table.pairs.base[Int(pair)].merge < 0 {
          enqueue(pair, &queue, text.table, pieces)
        } else {
          waiting.append(pair)
        }
      }
      waiting.removeAll { text.table.pairs.base[Int($0)].count == 0 }
    }
  }

  private func enqueue(
    _ pair: Int32, _ queue: inout PairQueue, _ table: borrowing PairTable,
    _ pieces: borrowing PieceInventory
  ) {
    let known = table.pairs.base[Int(pair)]
    guard known.count >= settings.minimumPairCount,
      pieces.length(known.left) + pieces.length(known.right) <= settings.maximumPieceLength
    else { return }
    queue.push(.init(count: known.count, pair: pair), table, pieces)
  }

  /// The pair that counts most.
  private func next(
    _ queue: inout PairQueue, _ table: borrowing PairTable, _ pieces: borrowing PieceInventory
  ) -> Int32? {
    while let entry = queue.pop(table, pieces) {
      let known = table.pairs.base[Int(entry.pair)]
      if known.count == entry.count, known.merge < 0 { return entry.pair }
      // A count above the entry's has an entry of its own.
      if known.count < entry.count, known.merge < 0 { enqueue(entry.pair, &queue, table, pieces) }
    }
    return nil
  }

  private func joined(_ pieces: borrowing PieceInventory, _ pair: PairTable.Pair) -> [UInt8] {
    let prefix = settings.continuingPrefix?.utf8.count ?? 0
    return pieces.spelling(pair.left) + pieces.spelling(pair.right).dropFirst(prefix)
  }

  private func check(_ words: WordTable) throws(SubwordError) {
    guard settings.vocabularySize > 0, settings.maximumPieceLength > 0,
      settings.minimumPairCount > 0
    else {
      throw SubwordError(
        .invalidArgument,
        "expected a vocabulary size, a piece length and a pair count of at least 1, found "
          + "\(settings.vocabularySize), \(settings.maximumPieceLength) and "
          + "\(settings.minimumPairCount)")
    }
    var total: Int64 = 0
    for index in 0..<words.count {
      let (product, large) = words.counts[index].multipliedReportingOverflow(
        by: Int64(words.range(index).count))
      let (sum, larger) = total.addingReportingOverflow(product)
      guard words.counts[index] >= 0, !large, !larger else {
        throw SubwordError(
          .invalidArgument,
          "expected counts of words that are not negative and add up below 2^63, found "
            + "\(words.counts[index])")
      }
      total = sum
    }
  }
}
