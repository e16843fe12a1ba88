// SPDX-License-Identifier: Apache-2.0

/// The distinct words of a training text, each with how much it counts, in the order of their bytes.
///
/// A word is what pieces may not reach beyond: with SentencePiece's defaults a stretch between spaces that begins
/// with U+2581, cut again where the script changes.
public struct WordTable: Sendable {
  /// All words, back to back, in UTF-8.
  public internal(set) var bytes: [UInt8] = []
  /// Where each word begins in ``bytes``, and behind the last one where it ends.
  public internal(set) var starts: [Int] = [0]
  /// How much each word counts: how often it stands in the text, times the weight of its language.
  public internal(set) var counts: [Int64] = []
  /// The number of the language that each word stands for; empty where languages are not told apart.
  ///
  /// A word that
  /// several languages have stands here once for each.
  public internal(set) var languages: [Int32] = []

  /// An empty table.
  public init() {}

  /// The table of words that come in the order of their bytes, each once.
  init(sorted words: some Sequence<(word: [UInt8], count: Int64)>) {
    for (word, count) in words { append(word, count) }
  }

  /// How many distinct words there are.
  public var count: Int { counts.count }

  /// Where a word stands in ``bytes``.
  public func range(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// A word.
  public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  /// The sum of all counts.
  public var total: Int64 { counts.reduce(0, +) }

  mutating func append(_ word: some Sequence<UInt8>, _ count: Int64) {
    bytes.append(contentsOf: word)
    starts.append(bytes.count)
    counts.append(count)
  }
}
