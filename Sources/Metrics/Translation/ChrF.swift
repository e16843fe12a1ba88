// SPDX-License-Identifier: Apache-2.0

/// chrF and chrF++: F-scores over n-grams of characters, and of words too.
///
/// Popović, "chrF: character n-gram F-score for automatic MT evaluation", 2015, and "chrF++: words helping character n-grams",
/// 2017; numbers equal those of sacreBLEU 2.6.0.
public struct ChrF: Sendable, Equatable {
  /// The longest n-grams of characters; 6.
  public var characterOrder: Int
  /// The longest n-grams of words; 0 for chrF, 2 for chrF++.
  public var wordOrder: Int
  /// How much more recall weighs than precision; 2.
  public var beta: Double
  /// Whether case does not count; it does by default.
  public var lowercases: Bool

  /// A metric with its settings; without any, chrF.
  public init(
    characterOrder: Int = 6, wordOrder: Int = 0, beta: Double = 2, lowercases: Bool = false
  ) {
    self.characterOrder = max(1, characterOrder)
    self.wordOrder = max(0, wordOrder)
    self.beta = beta
    self.lowercases = lowercases
  }

  /// chrF++.
  public static let plusPlus = ChrF(wordOrder: 2)

  /// The settings in sacreBLEU's writing, for a number of references.
  public func signature(references: Int) -> String {
    "nrefs:\(references)|case:\(lowercases ? "lc" : "mixed")|eff:yes|nc:\(characterOrder)"
      + "|nw:\(wordOrder)|space:no|version:2.6.0"
  }

  /// The score of a whole set of translations, 0...100.
  ///
  /// - Parameters:
  ///   - hypotheses: translations.
  ///   - references: one or more sets of references, each as long; of each sentence the one that fits best counts.
  public func corpus(
    _ hypotheses: [String], references: [[String]]
  ) throws(MetricsError) -> Double {
    try ReferenceSets.check(hypotheses, references)
    var sum = [Statistics](repeating: Statistics(), count: characterOrder + wordOrder)
    for index in hypotheses.indices {
      let best = best(hypotheses[index], references.map { $0[index] })
      for n in sum.indices { sum[n].add(best[n]) }
    }
    return score(sum)
  }

  /// The score of one translation against one or more references, 0...100.
  public func sentence(_ hypothesis: String, references: [String]) throws(MetricsError) -> Double {
    try corpus([hypothesis], references: references.map { [$0] })
  }

  private struct Statistics {
    var (predicted, gold, right) = (0, 0, 0)

    mutating func add(_ other: Statistics) {
      predicted += other.predicted
      gold += other.gold
      right += other.right
    }
  }

  private func best(_ hypothesis: String, _ references: [String]) -> [Statistics] {
    var (characters, words) = (NGramTable(), NGramTable())
    var symbols = SymbolTable()
    func counts(_ sentence: String) -> [[Int: Int]] {
      let scalars = ScalarText(text: sentence)
      let text = lowercases ? scalars.lowercased : scalars
      let solid = text.lazy.filter { !$0.isSeparator }.map { Int($0.value) }
      let parts = symbols.symbols(text.words.flatMap(Self.cut))
      return characters.counts(Array(solid), order: characterOrder)
        + words.counts(parts, order: wordOrder)
    }
    let predicted = counts(hypothesis)
    var best: (score: Double, statistics: [Statistics])?
    for reference in references {
      let gold = counts(reference)
      let statistics = zip(predicted, gold).map { predicted, gold in
        var result = Statistics()
        for (gram, count) in predicted {
          // What the reference is too short for does not count.
          if !gold.isEmpty { result.predicted += count }
          result.right += min(count, gold[gram] ?? 0)
        }
        for count in gold.values { result.gold += count }
        return result
      }
      let score = score(statistics)
      if best.map({ score > $0.score }) ?? true { best = (score, statistics) }
    }
    return best?.statistics ?? []
  }

  /// A word without the punctuation at its end, or else at its start, and that by itself.
  private static func cut(_ word: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
    guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
    if last.isASCIIPunctuation { return [word.dropLast(), word.suffix(1)] }
    if first.isASCIIPunctuation { return [word.prefix(1), word.dropFirst()] }
    return [word]
  }

  private func score(_ statistics: [Statistics]) -> Double {
    var (precision, recall, orders) = (0.0, 0.0, 0.0)
    for order in statistics where order.predicted > 0 && order.gold > 0 {
      precision += Double(order.right) / Double(order.predicted)
      recall += Double(order.right) / Double(order.gold)
      orders += 1
    }
    guard orders > 0, precision + recall > 0 else { return 0 }
    precision /= orders
    recall /= orders
    let factor = beta * beta
    return 100 * (1 + factor) * precision * recall / (factor * precision + recall)
  }
}
