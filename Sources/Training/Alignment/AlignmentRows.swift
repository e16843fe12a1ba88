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
  ///   - maximumLength: the most tokens of a text; what is longer is cut.
  public init(_ pairs: [AlignmentPair], _ encoder: RowEncoder, prefix: String) {
    var sources: [[Int32]] = []
    var rows: [Pair] = []
    var languages: [String] = []
    var (sourceNumbers, languageNumbers): ([[UInt8]: Int], [String: Int]) = ([:], [:])
    var seen: Set<[[UInt8]]> = []
    let floor = encoder.row(prefix).ids.count
    for pair in pairs {
      let key = Array(pair.source.utf8)
      guard seen.insert([key, Array(pair.target.utf8), Array(pair.language.utf8)]).inserted else {
        continue
      }
      let target = encoder.row(prefix + pair.target).ids
      guard target.count > floor else { continue }
      if sourceNumbers[key] == nil {
        let source = encoder.row(prefix + pair.source).ids
        guard source.count > floor else { continue }
        sourceNumbers[key] = sources.count
        sources.append(source)
      }
      guard let source = sourceNumbers[key] else { continue }
      let language = languageNumbers[pair.language] ?? languages.count
      if language == languages.count {
        languageNumbers[pair.language] = language
        languages.append(pair.language)
      }
      rows.append(Pair(source: source, target: target, language: language, weight: pair.weight))
    }
    (self.sources, self.pairs, self.languages) = (sources, rows, languages)
    leftOutCount = pairs.count - rows.count
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
