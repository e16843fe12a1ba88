// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// Measures what a vocabulary does to text in many languages.
///
/// Text streams by in blocks: ``measure(_:)`` may be called by many threads, its tallies are added up in any
/// order, and ``inspection(of:)`` makes numbers of the sum. The result follows from sentences and seed alone.
/// Memory holds counts for each language and piece, and no text.
public struct VocabularyInspector: Sendable {
  /// What the vocabulary is called.
  public let name: String
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The packs whose worth is measured.
  public let packs: [Pack]
  /// The language that others are compared with, and its sentences.
  public let pivot: PivotTokens?
  /// How many replicates the bootstrap has; 0 gives no intervals.
  public let resamples: Int

  let measure: SentenceMeasure
  private let weights: PoissonWeights
  /// For each pack the tokenizer without it.
  private let others: [Tokenizer]
  /// The packs of each id.
  private let packsOfID: [Int32: [Int]]

  /// Sets up an inspection.
  ///
  /// - Parameters:
  ///   - tokenizer: the vocabulary.
  ///   - name: what to call it.
  ///   - packs: pieces whose worth is measured; a tokenizer without each is held in memory.
  ///   - pivot: the sentences that parity is measured against.
  ///   - resamples: replicates of the bootstrap; 400 by default.
  ///   - seed: what their draws follow from.
  /// - Throws: ``SubwordError/Code/invalidArgument`` where a pack has ids that are no pieces.
  public init(
    _ tokenizer: Tokenizer, name: String, packs: [Pack] = [], pivot: PivotTokens? = nil,
    resamples: Int = 400, seed: UInt64 = 0
  ) throws(SubwordError) {
    self.name = name
    self.tokenizer = tokenizer
    self.packs = packs
    self.pivot = pivot
    self.resamples = max(0, resamples)
    measure = SentenceMeasure(tokenizer)
    weights = PoissonWeights(seed: seed)
    var others: [Tokenizer] = []
    var packsOfID: [Int32: [Int]] = [:]
    for (index, pack) in packs.enumerated() {
      do {
        others.append(try tokenizer.without(pack.ids))
      } catch {
        throw error.inside("pack \(pack.name)")
      }
      for id in pack.ids { packsOfID[id, default: []].append(index) }
    }
    self.others = others
    self.packsOfID = packsOfID
  }

  /// The tally of some sentences.
  public func measure(_ sentences: [InspectionSentence]) -> InspectionTally {
    var tally = InspectionTally()
    var draws = [Int64](repeating: 0, count: resamples)
    for sentence in sentences {
      tally.update(sentence.language, resamples, packs.count) { sums in
        var (counts, ids) = measure.measure(sentence.text, scripts: &sums.scripts)
        if let pivot, let tokens = pivot[sentence.key] {
          counts[.pairs] = 1
          counts[.pairedTokens] = ids.count
          counts[.pivotTokens] = tokens
        }
        weights.fill(&draws, key: sentence.key)
        sums.add(counts, weights: draws)
        for id in ids { sums.pieces[id, default: 0] += 1 }
        if !packs.isEmpty { weighPacks(sentence.text, ids, &sums) }
      }
    }
    return tally
  }

  /// Adds what each pack does for a sentence.
  ///
  /// Where a model cuts a sentence that uses no piece of a pack in the same way without the pack, only the packs
  /// that are used are tried.
  private func weighPacks(_ text: String, _ ids: [Int32], _ sums: inout LanguageSums) {
    var used = [Int](repeating: 0, count: packs.count)
    for id in ids { for pack in packsOfID[id] ?? [] { used[pack] += 1 } }
    let triesAll = !tokenizer.configuration.model.ignoresUnusedPieces
    for (pack, count) in used.enumerated() where count > 0 || triesAll {
      let without = others[pack].ids(
        of: text, addsSpecialTokens: false, recognizesSpecialTokens: false)
      sums.packs[pack].tokens += count
      sums.packs[pack].saved += without.count - ids.count
      if let unknown = tokenizer.unknownID {
        sums.packs[pack].spared += without.count { $0 == unknown } - ids.count { $0 == unknown }
      }
      sums.packs[pack].sentences += count > 0 || without.count != ids.count ? 1 : 0
    }
  }
}

/// What was counted of some sentences; tallies add up.
public struct InspectionTally: Sendable, Equatable {
  var languages: [String: LanguageSums] = [:]

  /// Nothing counted yet.
  public init() {}

  /// Whether any sentence of a language was counted.
  public func hasText(in language: String) -> Bool { languages[language] != nil }

  /// Adds what was counted elsewhere.
  public mutating func add(_ other: InspectionTally) {
    for (language, sums) in other.languages {
      // Sums do not depend on the order of the languages.
      if languages[language]?.add(sums) == nil { languages[language] = sums }
    }
  }

  mutating func update(
    _ language: String, _ resamples: Int, _ packs: Int, _ body: (inout LanguageSums) -> Void
  ) {
    body(&languages[language, default: LanguageSums(resamples: resamples, packs: packs)])
  }
}
