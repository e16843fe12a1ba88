// SPDX-License-Identifier: Apache-2.0

/// Bilingual lexicon induction: how often the right translation of a word is the nearest in the other language.
public struct LexiconInduction: Sendable {
  /// What counts as one question, and when it is answered.
  public enum Rules: String, Sendable, Hashable, CaseIterable {
    /// A question is a distinct source word; any of its translations will do (Conneau et al. 2018). Pairs with an unknown word
    /// are no questions.
    case muse
    /// A question is a pair of words; its own target must be found (Glavaš et al. 2019). Dictionaries are read lower-cased, pairs with an
    /// unknown word are no questions.
    case xling
  }

  /// The ranks of the right translations, and what they come to.
  public struct Result: Sendable, Hashable {
    /// For each question the ranks of its right targets, rising, from 1.
    public let ranks: [[Int]]
    /// Pairs of the dictionary.
    public let pairs: Int
    /// Pairs with both words known.
    public let coveredPairs: Int
    /// Distinct source words of the dictionary.
    public let sources: Int
    /// Distinct source words that are known with at least one of their translations.
    public let coveredSources: Int

    /// The share of pairs with both words known.
    public var pairCoverage: Double { Double(coveredPairs) / Double(max(pairs, 1)) }
    /// The share of source words that are known with at least one of their translations.
    public var coverage: Double { Double(coveredSources) / Double(max(sources, 1)) }

    /// Whether each question has a right target among the first `limit`.
    public func hits(at limit: Int) -> [Bool] { ranks.map { ($0.first ?? .max) <= limit } }

    /// The share of questions with a right target among the first `limit`.
    public func precision(at limit: Int) -> Double {
      Double(hits(at: limit).filter(\.self).count) / Double(max(ranks.count, 1))
    }

    /// Each question's one over the rank of its first right target.
    public var reciprocalRanks: [Double] { ranks.map { 1 / Double($0.first ?? .max) } }

    /// Each question's average precision over all its right targets.
    public var averagePrecisions: [Double] {
      ranks.map { ranks in
        ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element) }
          / Double(max(ranks.count, 1))
      }
    }

    /// The mean of one over the rank of the first right target.
    public var meanReciprocalRank: Double { mean(reciprocalRanks) }
    /// The mean over questions of the average precision.
    public var meanAveragePrecision: Double { mean(averagePrecisions) }

    private func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(values.count, 1))
    }
  }

  /// The dictionary.
  public let dictionary: WordPairs
  /// What counts as a question.
  public let rules: Rules

  /// An evaluation with a dictionary.
  public init(_ dictionary: WordPairs, rules: Rules = .muse) {
    self.dictionary = dictionary
    self.rules = rules
  }

  /// Asks for the translation of every question.
  ///
  /// - Throws: `WordVectorError.Code.data` where no pair of the dictionary has both its words in the tables.
  public func evaluate(
    _ source: VectorTable, _ target: VectorTable, by retrieval: Retrieval,
    engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws -> Result {
    let search = try TranslationSearch(
      from: source.vectors, to: target.vectors, by: retrieval, engine: engine, threads: threads)
    return try evaluate(search, source.words, target.words)
  }

  /// Asks a search that is prepared; `source` and `target` are its rows' words.
  public func evaluate(
    _ search: TranslationSearch, _ source: WordList, _ target: WordList
  ) throws -> Result {
    var questions: [[(source: Int, target: Int)]] = []
    var places: [Int: Int] = [:]
    var known: Set<Int> = []
    let covered = dictionary.rows(in: source, target)
    for pair in covered {
      known.insert(pair.source)
      switch rules {
      case .xling: questions.append([pair])
      case .muse:
        if let place = places[pair.source] {
          if !questions[place].contains(where: { $0.target == pair.target }) {
            questions[place].append(pair)
          }
        } else {
          places[pair.source] = questions.count
          questions.append([pair])
        }
      }
    }
    // Bytes tell words apart; String's equality would take both forms of 'é' for one.
    let sources = Set(dictionary.pairs.map { Array($0.source.utf8) })
    guard !questions.isEmpty else {
      throw WordVectorError(
        .data, "no pair of the dictionary has both its words among the vectors",
        expected: "an overlap", found: "\(dictionary.pairs.count) pairs, none covered",
        hint: "check that the dictionary's languages and its letters' case are those of the vectors"
      )
    }
    let ranks = try search.ranks(of: questions.flatMap(\.self))
    var next = 0
    let ranked = questions.map { question in
      defer { next += question.count }
      return ranks[next..<next + question.count].sorted()
    }
    return Result(
      ranks: ranked, pairs: dictionary.pairs.count, coveredPairs: covered.count,
      sources: sources.count, coveredSources: known.count)
  }
}
