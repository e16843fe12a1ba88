// SPDX-License-Identifier: Apache-2.0

import Foundation

/// BLEU: how many n-grams of a translation stand in a reference too, with a penalty for being short.
///
/// Papineni and others, "BLEU: a method for automatic evaluation of machine translation", 2002; numbers equal those of
/// sacreBLEU 2.6.0 with the same settings, which ``signature(references:)`` writes as it does.
public struct BLEU: Sendable, Equatable {
  /// What becomes of orders without a match.
  public enum Smoothing: Sendable, Equatable {
    /// Nothing.
    case none
    /// The n-th such order counts as 1/2ⁿ matches; sacreBLEU's own choice.
    case exponential
    /// So many matches; 0.1 is usual.
    case floor(Double = 0.1)
    /// So much is added to matches and totals of orders above one (Lin and Och, 2004); 1 is usual.
    case addK(Double = 1)

    var signature: String {
      switch self {
      case .none: "none"
      case .exponential: "exp"
      case .floor(let value): String(format: "floor[%.2f]", value)
      case .addK(let value): String(format: "add-k[%.2f]", value)
      }
    }
  }

  /// A score with what it is made of.
  public struct Score: Sendable, Equatable {
    /// 0...100.
    public let score: Double
    /// Matches of each order, after smoothing by addition.
    public let counts: [Double]
    /// N-grams of each order in the translation, after smoothing by addition.
    public let totals: [Double]
    /// Smoothed shares of each order, 0...100.
    public let precisions: [Double]
    /// The penalty for being short, 0...1.
    public let brevityPenalty: Double
    /// Words of the translation.
    public let length: Int
    /// Words of the references, of each sentence the one nearest in length.
    public let referenceLength: Int
  }

  /// How sentences are cut into words; 13a by default.
  public var tokenizer: TranslationTokenizer
  /// Whether case does not count; it does by default.
  public var lowercases: Bool
  /// What becomes of orders without a match; exponential by default.
  public var smoothing: Smoothing
  /// Whether orders that a sentence is too short for are left out; wanted for single sentences only.
  public var usesEffectiveOrder: Bool
  /// The longest n-grams; 4.
  public var order: Int

  /// A metric with its settings; without any, sacreBLEU's for a corpus.
  public init(
    tokenizer: TranslationTokenizer = .mteval13a, lowercases: Bool = false,
    smoothing: Smoothing = .exponential, usesEffectiveOrder: Bool = false, order: Int = 4
  ) {
    self.tokenizer = tokenizer
    self.lowercases = lowercases
    self.smoothing = smoothing
    self.usesEffectiveOrder = usesEffectiveOrder
    self.order = max(1, order)
  }

  /// The settings in sacreBLEU's writing, for a number of references.
  public func signature(references: Int) -> String {
    "nrefs:\(references)|case:\(lowercases ? "lc" : "mixed")|eff:\(usesEffectiveOrder ? "yes" : "no")"
      + "|tok:\(tokenizer.rawValue)|smooth:\(smoothing.signature)|version:2.6.0"
  }

  /// The score of a whole set of translations.
  ///
  /// - Parameters:
  ///   - hypotheses: translations.
  ///   - references: one or more sets of references, each as long.
  public func corpus(
    _ hypotheses: [String], references: [[String]]
  ) throws(MetricsError) -> Score {
    try ReferenceSets.check(hypotheses, references)
    var sum = Statistics(order)
    for index in hypotheses.indices {
      sum.add(statistics(hypotheses[index], references.map { $0[index] }))
    }
    return score(sum)
  }

  /// The score of one translation against one or more references.
  public func sentence(_ hypothesis: String, references: [String]) throws(MetricsError) -> Score {
    try corpus([hypothesis], references: references.map { [$0] })
  }

  private struct Statistics {
    var (length, referenceLength) = (0, 0)
    var counts, totals: [Int]

    init(_ order: Int) {
      counts = [Int](repeating: 0, count: order)
      totals = counts
    }

    mutating func add(_ other: Statistics) {
      length += other.length
      referenceLength += other.referenceLength
      for n in counts.indices {
        counts[n] += other.counts[n]
        totals[n] += other.totals[n]
      }
    }
  }

  private func words(_ sentence: String) -> ScalarText {
    let text = ScalarText(text: sentence)
    return tokenizer.tokenized(ScalarText((lowercases ? text.lowercased : text).trimmingEnd))
  }

  private func statistics(_ hypothesis: String, _ references: [String]) -> Statistics {
    var symbols = SymbolTable()
    var table = NGramTable()
    let words = symbols.symbols(words(hypothesis).words)
    var best: [[Int: Int]] = Array(repeating: [:], count: order)
    var nearest: Int?
    for reference in references {
      let other = symbols.symbols(self.words(reference).words)
      for (n, counts) in table.counts(other, order: order).enumerated() {
        best[n].merge(counts, uniquingKeysWith: max)
      }
      let distance = abs(other.count - words.count)
      guard let known = nearest else {
        nearest = other.count
        continue
      }
      if (distance, other.count) < (abs(known - words.count), known) { nearest = other.count }
    }
    var result = Statistics(order)
    result.length = words.count
    result.referenceLength = nearest ?? 0
    for (n, counts) in table.counts(words, order: order).enumerated() {
      for (gram, count) in counts {
        result.totals[n] += count
        result.counts[n] += min(count, best[n][gram] ?? 0)
      }
    }
    return result
  }

  private func score(_ sum: Statistics) -> Score {
    var counts = sum.counts.map(Double.init)
    var totals = sum.totals.map(Double.init)
    var precisions = [Double](repeating: 0, count: order)
    var penalty = 1.0
    if sum.length < sum.referenceLength {
      penalty =
        sum.length > 0 ? exp(1 - Double(sum.referenceLength) / Double(sum.length)) : 0
    }
    var score = 0.0
    if sum.counts.contains(where: { $0 > 0 }) {
      var (share, effective) = (1.0, order)
      for n in 0..<order {
        if case .addK(let value) = smoothing, n > 0 {
          counts[n] += value
          totals[n] += value
        }
        guard totals[n] > 0 else { break }
        if usesEffectiveOrder { effective = n + 1 }
        if counts[n] > 0 {
          precisions[n] = 100 * counts[n] / totals[n]
        } else if smoothing == .exponential {
          share *= 2
          precisions[n] = 100 / (share * totals[n])
        } else if case .floor(let value) = smoothing {
          precisions[n] = 100 * value / totals[n]
        }
      }
      // An order without a match and without smoothing brings the mean to nothing.
      let logarithms = precisions[..<effective].map { $0 > 0 ? log($0) : -9_999_999_999 }
      score = penalty * exp(logarithms.reduce(0, +) / Double(effective))
    }
    return Score(
      score: score, counts: counts, totals: totals, precisions: precisions,
      brevityPenalty: penalty, length: sum.length, referenceLength: sum.referenceLength)
  }
}

/// Sets of references, one for each way to translate.
enum ReferenceSets {
  /// Refuses no references, and sets that are not as long as the translations.
  static func check(_ hypotheses: [String], _ references: [[String]]) throws(MetricsError) {
    try MetricsError.requireCount(hypotheses.count, atLeast: 1, of: "translations")
    try MetricsError.requireCount(references.count, atLeast: 1, of: "sets of references")
    for set in references {
      try MetricsError.requireSameCount(
        hypotheses.count, "translations", set.count, "references")
    }
  }
}
