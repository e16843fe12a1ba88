// SPDX-License-Identifier: Apache-2.0

import Tasks

/// A text in the language that others are moved to, the source, and one that says the same in another language.
///
/// Words of a dictionary are pairs as sentences are.
public struct AlignmentPair: Sendable, Hashable {
  /// The source's text.
  public var source: String
  /// The text that says the same.
  public var target: String
  /// The target's language.
  public var language: String
  /// What the pair counts beside others, as the score of a mined one; 1.
  public var weight: Float

  /// A pair that counts 1.
  public init(_ source: String, _ target: String, language: String, weight: Float = 1) {
    (self.source, self.target, self.language) = (source, target, language)
    self.weight = weight
  }
}

/// Pairs as token ids, each different source once.
public struct AlignmentRows: Sendable {
  /// A pair's numbers.
  struct Pair: Sendable {
    /// The number of its source.
    var source: Int
    /// The target's ids.
    var target: [Int32]
    /// The number of its language.
    var language: Int
    var weight: Float
  }

  /// Different sources.
  let sources: [[Int32]]
  let pairs: [Pair]
  /// Words of the pairs that belong together; nil where nobody has said which.
  let words: LinkedWords?
  /// The targets' languages, in the order of their first pair.
  public let languages: [String]
  /// Pairs that were left out: those that stand twice, or of which one text is empty.
  public let leftOutCount: Int

  /// Makes rows of pairs.
  ///
  /// - Parameters:
  ///   - pairs: the pairs.
  ///   - encoder: makes ids; both texts get the prefix of the base.
  ///   - prefix: what precedes every text.
  ///   - links: for each pair, the places of words that belong together, words being what stands between spaces; they are tokenized word by
  ///     word then. Nil, the default, for texts as they are.
  public init(
    _ pairs: [AlignmentPair], _ encoder: RowEncoder, prefix: String,
    links: [[(source: Int, target: Int)]]? = nil
  ) {
    let front = Self.words(of: prefix)
    let floor = encoder.row(prefix).ids.count
    /// The row of a text; nil for a text without tokens.
    func row(_ text: String) -> WordRow? {
      if links != nil {
        let row = WordRow(Self.words(of: text), behind: front, encoder)
        return row.words.isEmpty ? nil : row
      }
      let ids = encoder.row(prefix + text).ids
      return ids.count > floor ? WordRow(ids) : nil
    }
    var linked = links == nil ? nil : LinkedWords()
    var sourceRows: [WordRow] = []
    var sources: [[Int32]] = []
    var rows: [Pair] = []
    var languages: [String] = []
    var (sourceNumbers, languageNumbers): ([[UInt8]: Int], [String: Int]) = ([:], [:])
    var seen: Set<[[UInt8]]> = []
    for (place, pair) in pairs.enumerated() {
      let key = Array(pair.source.utf8)
      guard seen.insert([key, Array(pair.target.utf8), Array(pair.language.utf8)]).inserted else {
        continue
      }
      guard let target = row(pair.target) else { continue }
      if sourceNumbers[key] == nil {
        guard let source = row(pair.source) else { continue }
        sourceNumbers[key] = sources.count
        sources.append(source.ids)
        if links != nil { sourceRows.append(source) }
      }
      guard let source = sourceNumbers[key] else { continue }
      let language = languageNumbers[pair.language] ?? languages.count
      if language == languages.count {
        languageNumbers[pair.language] = language
        languages.append(pair.language)
      }
      rows.append(
        Pair(source: source, target: target.ids, language: language, weight: pair.weight))
      if let links { linked?.append(links[place], sourceRows[source], number: source, target) }
    }
    words = linked
    (self.sources, self.pairs, self.languages) = (sources, rows, languages)
    leftOutCount = pairs.count - rows.count
  }

  /// What stands between spaces.
  public static func words(of text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// How long a pair is: tokens of both texts.
  func length(_ pair: Pair) -> Int { sources[pair.source].count + pair.target.count }

  /// Pairs that are left.
  public var count: Int { pairs.count }
  /// Tokens of all targets.
  public var tokenCount: Int { pairs.reduce(0) { $0 + $1.target.count } }
  /// Tokens of all different sources.
  public var sourceTokenCount: Int { sources.reduce(0) { $0 + $1.count } }
  /// Pairs of each language, in the order of ``languages``.
  public var counts: [Int] {
    pairs.reduce(into: [Int](repeating: 0, count: languages.count)) { $0[$1.language] += 1 }
  }
}
