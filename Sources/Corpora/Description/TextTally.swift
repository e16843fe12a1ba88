// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

/// Counts texts of one language, dialect or domain, in bounded memory.
struct TextTally: Sendable {
  private(set) var amount = CorpusDescription.Amount()
  private var types = DistinctCounter()
  private var texts = DistinctCounter()
  private var lengths = LengthHistogram()
  private var scripts = [Int](repeating: 0, count: Script.all.count)
  private var labels: [String: Int] = [:]
  /// How often words come.
  private(set) var words = WordDistribution()
  /// The same for a random half of the texts.
  private(set) var half = WordDistribution()

  /// What is counted of a text once, for all the tallies it belongs to.
  struct Count: Sendable {
    let profile: TextProfile
    let fingerprint: UInt64
    let words: [UInt64]
    let label: String?

    init(_ text: [UInt8], label: String?) {
      profile = TextProfile(text)
      fingerprint = TextFingerprint(text, seed: 1).high
      var words: [UInt64] = []
      WordScanner.forEach(in: text) { hash, _ in words.append(hash) }
      self.words = words
      self.label = label
    }
  }

  mutating func insert(_ text: Count) {
    amount.texts += 1
    amount.bytes += text.profile.bytes
    amount.scalars += text.profile.scalars
    amount.words += text.profile.words
    amount.tokens += text.words.count
    lengths.insert(text.profile.scalars)
    texts.insert(text.fingerprint)
    for (script, count) in text.profile.scriptCounts { scripts[Int(script.rawValue)] += count }
    if let label = text.label { labels[label, default: 0] += 1 }
    let isInHalf = text.fingerprint & 1 == 0
    for word in text.words {
      types.insert(word)
      words.insert(word)
      if isInHalf { half.insert(word) }
    }
  }

  /// Everything that was counted.
  var summary: CorpusDescription.Amount {
    var amount = amount
    amount.types = types.count
    amount.typesAreExact = types.isExact
    amount.typeTokenRatio =
      amount.tokens > 0 ? min(1, Double(types.count) / Double(amount.tokens)) : 0
    amount.exactDuplicates =
      amount.texts > 0 ? max(0, 1 - Double(texts.count) / Double(amount.texts)) : 0
    amount.exactDuplicatesAreExact = texts.isExact
    amount.length = lengths.summary
    amount.scripts = Self.shares(
      Script.all.map { ($0.code, scripts[Int($0.rawValue)]) }.filter { $0.1 > 0 })
    return amount
  }

  /// How the labels are spread.
  var labelSummary: CorpusDescription.Labels {
    var summary = CorpusDescription.Labels()
    summary.shares = Self.shares(labels.map { ($0.key, $0.value) })
    summary.labelled = summary.shares.reduce(0) { $0 + $1.count }
    summary.entropy = summary.shares.reduce(0) { $0 - $1.share * log2($1.share) }
    summary.balance =
      summary.shares.count > 1 ? summary.entropy / log2(Double(summary.shares.count)) : 0
    summary.majority = summary.shares.first?.share ?? 0
    return summary
  }

  /// The divergence of a random half of the texts from the other.
  var divergenceOfHalves: Double { half.divergence(from: words.removing(half)) }

  /// Shares, the largest first, ties by name.
  private static func shares(_ counts: [(String, Int)]) -> [CorpusDescription.Share] {
    let total = Double(max(1, counts.reduce(0) { $0 + $1.1 }))
    return counts.sorted {
      $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
    }
    .map { CorpusDescription.Share(name: $0.0, count: $0.1, share: Double($0.1) / total) }
  }
}
