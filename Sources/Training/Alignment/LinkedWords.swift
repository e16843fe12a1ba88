// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// Words of pairs that belong together, as tokens of their rows.
struct LinkedWords: Sendable {
  /// A word of the source in its sentence.
  struct Place: Hashable, Sendable {
    /// The number of the source.
    let source: Int
    /// Its tokens.
    let tokens: Range<Int>
  }

  /// For each pair, the tokens of the target's words that have a partner.
  private(set) var targets: [[Range<Int>]] = []
  /// For each pair, the partners, as numbers among ``places``.
  private(set) var sources: [[Int]] = []
  /// The source's words that are anyone's partner.
  private(set) var places: [Place] = []
  /// For each of ``places``, the number of the word itself, whatever sentence it stands in.
  private(set) var words: [Int] = []
  private var placeNumbers: [Place: Int] = [:]
  private var wordNumbers: [[Int32]: Int] = [:]

  /// Adds a pair.
  ///
  /// - Parameters:
  ///   - links: places of words that belong together; those behind the end of a row that was cut are left out.
  ///   - source: the source's row.
  ///   - number: the source's number.
  ///   - target: the target's row.
  mutating func append(
    _ links: [(source: Int, target: Int)], _ source: WordRow, number: Int, _ target: WordRow
  ) {
    var (spans, partners): ([Range<Int>], [Int]) = ([], [])
    for link in links
    where source.words.indices.contains(link.source)
      && target.words.indices.contains(link.target)
    {
      let place = Place(source: number, tokens: source.words[link.source])
      let known = placeNumbers[place] ?? places.count
      if known == places.count {
        let pieces = Array(source.ids[place.tokens])
        let word = wordNumbers[pieces] ?? wordNumbers.count
        (placeNumbers[place], wordNumbers[pieces]) = (known, word)
        places.append(place)
        words.append(word)
      }
      spans.append(target.words[link.target])
      partners.append(known)
    }
    targets.append(spans)
    sources.append(partners)
  }
}

/// A row of tokens, and which of them each word is.
struct WordRow {
  private(set) var ids: [Int32]
  private(set) var words: [Range<Int>] = []

  /// A row of which nobody asks for words.
  init(_ ids: [Int32]) { self.ids = ids }

  /// The row of words behind others that only precede them; cut where it is full, be it within a word.
  init(_ words: [String], behind front: [String], _ encoder: RowEncoder) {
    let (begin, end) = encoder.affixes
    ids = begin
    for (place, pieces) in encoder.pieces(of: front + words).enumerated() {
      let pieces = pieces.prefix(max(0, encoder.maximumLength - ids.count - end.count))
      guard !pieces.isEmpty else { break }
      if place >= front.count { self.words.append(ids.count..<ids.count + pieces.count) }
      ids += pieces
    }
    ids += end
  }
}

/// The mean states of words, of length one.
enum WordPooling {
  /// Vectors of some words of a batch, `[words, width]`; nil for none.
  ///
  /// - Parameters:
  ///   - states: the batch's last states, `[tokens, width]`.
  ///   - words: the row of each word, as rows were given, and its tokens.
  static func vectors(
    _ states: Tensor, _ batch: PackedBatch, _ words: [(row: Int, tokens: Range<Int>)]
  ) throws -> Tensor? {
    guard !words.isEmpty else { return nil }
    let parts = try stride(from: 0, to: words.count, by: blockSize).map {
      try means(states, batch, words[$0..<min($0 + blockSize, words.count)])
    }
    return try Tensor.concatenated(parts).normalized()
  }

  /// Words of which the means are one product, with a matrix of what each token counts in each word.
  private static let blockSize = 256

  private static func means(
    _ states: Tensor, _ batch: PackedBatch, _ words: ArraySlice<(row: Int, tokens: Range<Int>)>
  ) throws -> Tensor {
    let places = words.flatMap { word in
      word.tokens.map { Int64(batch.firstTokens[word.row] + $0) }
    }
    var shares = [Float](repeating: 0, count: words.count * places.count)
    var first = 0
    for (number, word) in words.enumerated() {
      for column in first..<first + word.tokens.count {
        shares[number * places.count + column] = 1 / Float(word.tokens.count)
      }
      first += word.tokens.count
    }
    return try Tensor(shares, shape: [words.count, places.count])
      .matmul(states.gathered(0, Tensor(places)))
  }
}
