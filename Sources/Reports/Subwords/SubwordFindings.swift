// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords

/// What a vocabulary's numbers come to, in words.
struct SubwordFindings {
  let report: SubwordReport
  let vocabulary: VocabularyInspection

  /// A language with a number.
  typealias Score = (language: String, value: Double)

  /// The share of a language's characters above which what remains of its text says little: unknown text is one
  /// token however long it is, and looks cheap.
  static let lossLimit = 0.05

  /// Whether too much of a language's text is unknown to speak of what it costs.
  static func isLost(_ language: LanguageInspection) -> Bool {
    (language.unknownCharacters ?? 0) >= lossLimit
  }

  private func scores(
    ofLost: Bool = false, _ value: (LanguageInspection) -> Double?
  ) -> [Score] {
    vocabulary.languages.filter { ofLost || !Self.isLost($0) }
      .compactMap { language in value(language).map { (language.language, $0) } }
      .enumerated().sorted {
        $0.element.1 != $1.element.1
          ? $0.element.1 < $1.element.1 : $0.offset < $1.offset
      }.map(\.element)
  }

  /// The others' parity, the cheapest first; without those whose text is lost.
  var parity: [Score] {
    scores { $0.language == vocabulary.pivot ? nil : $0.parity?.value }
  }

  /// Fertility where words are parted, the lowest first.
  var fertility: [Score] { scores { $0.fertility?.value } }

  static func median(_ scores: [Score]) -> Double? {
    guard !scores.isEmpty else { return nil }
    let middle = scores.count / 2
    return scores.count % 2 == 1
      ? scores[middle].value : (scores[middle - 1].value + scores[middle].value) / 2
  }

  /// The sentence at the top.
  var sentence: String {
    let count = vocabulary.languages.count
    if let pivot = vocabulary.pivot, let median = Self.median(parity), let worst = parity.last {
      let start = "For the same sentences, the \(vocabulary.name) vocabulary takes "
      guard parity.count > 1 else {
        return start + "\(times(worst.value)) the tokens of \(pivot) in \(worst.language)."
      }
      return start
        + "\(times(median)) the tokens of \(pivot) in the median of \(parity.count) other "
        + "languages, and \(times(worst.value)) in \(worst.language)."
    }
    if let median = Self.median(fertility), let worst = fertility.last, fertility.count > 1 {
      return "The \(vocabulary.name) vocabulary takes \(number(median)) tokens for a word in the "
        + "median of \(fertility.count) languages, and \(number(worst.value)) in \(worst.language)."
    }
    return
      "The \(vocabulary.name) vocabulary on \(count == 1 ? "one language" : "\(count) languages")."
  }

  /// The numbers below the sentence.
  var tiles: [Headline.Tile] {
    var tiles = [
      Headline.Tile(
        value: Numbers.count(vocabulary.languages.count), unit: "", caption: "languages"),
      Headline.Tile(value: Numbers.count(vocabulary.size), unit: "", caption: "ids"),
    ]
    if let median = Self.median(fertility) {
      tiles.append(
        Headline.Tile(value: number(median), unit: "tokens", caption: "for a word, median"))
    }
    if let worst = parity.last {
      tiles.append(
        Headline.Tile(
          value: number(worst.value), unit: "×", caption: "costliest: \(worst.language)"))
    }
    tiles.append(
      Headline.Tile(
        value: Numbers.percent(share(vocabulary.pieces.unused, vocabulary.pieces.text)), unit: "%",
        caption: "pieces unused here"))
    return tiles
  }

  /// Findings, a sentence or two each.
  var sentences: [String] {
    [costs, words, unknown, lost, bytes, pieces, sharing].compactMap { $0 }
      + report.comparisons.compactMap(change)
  }

  private var costs: String? {
    guard let pivot = vocabulary.pivot, let cheapest = parity.first, parity.count > 1 else {
      return nil
    }
    let dear = parity.filter { $0.value > 2 }
    return
      "Cost against \(pivot): lowest in \(cheapest.language) (\(times(cheapest.value))), highest in "
      + "\(list(parity.suffix(3).reversed(), times)). "
      + (dear.isEmpty
        ? "No language takes more than twice as many tokens."
        : "\(dear.count) of \(parity.count) languages take more than twice as many tokens.")
  }

  private var words: String? {
    let whole = scores { $0.wholeWords?.value }
    guard let best = whole.last, let worst = whole.first, whole.count > 1 else { return nil }
    return "Words that stay whole: from \(percent(worst.value)) in \(worst.language) to "
      + "\(percent(best.value)) in \(best.language); the median is \(percent(Self.median(whole) ?? 0))."
  }

  private var unknown: String? {
    let unknown = scores(ofLost: true) { $0.unknownRate?.value }
    let bad = unknown.filter { $0.value >= 0.001 }
    guard let worst = unknown.last, worst.value > 0 else {
      return "No character is unknown in any language."
    }
    guard !bad.isEmpty else {
      return
        "Unknown tokens are rare: at most \(percent(worst.value, decimals: 3)), in \(worst.language)."
    }
    return "Unknown to the vocabulary: more than 0.1 % of the tokens in \(bad.count) "
      + "\(bad.count == 1 ? "language" : "languages"), most in \(list(bad.suffix(5).reversed()) { percent($0) })."
  }

  private var lost: String? {
    let lost = vocabulary.languages.filter(Self.isLost)
    guard !lost.isEmpty else { return nil }
    let shown = lost.sorted {
      ($0.unknownCharacters ?? 0, $1.language) > ($1.unknownCharacters ?? 0, $0.language)
    }.prefix(8).map { "\($0.language) (\(percent($0.unknownCharacters ?? 0)))" }
    let rest = lost.count - shown.count
    return
      "Left out above, since more than \(percent(Self.lossLimit, decimals: 0)) of their characters are unknown "
      + "and unknown text looks cheap: " + shown.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more." : ".")
  }

  private var bytes: String? {
    let bytes = scores(ofLost: true) { $0.byteRate?.value }.filter { $0.value > 0 }
    guard !bytes.isEmpty else {
      return vocabulary.pieces.bytes == 256 ? "No text had to be spelled in bytes." : nil
    }
    return
      "Spelled in bytes: tokens of \(bytes.count) \(bytes.count == 1 ? "language" : "languages"), most in "
      + "\(list(bytes.suffix(5).reversed()) { percent($0) })."
  }

  private var pieces: String? {
    guard vocabulary.pieces.text > 0, let script = vocabulary.pieces.scripts.first else {
      return nil
    }
    return "Of \(Numbers.count(vocabulary.pieces.text)) pieces of text, "
      + "\(percent(share(script.pieces, vocabulary.pieces.text))) are \(script.script); "
      + "\(percent(share(vocabulary.pieces.unused, vocabulary.pieces.text))) were not used on this text, which "
      + "may be too little to judge rare pieces by."
  }

  private var sharing: String? {
    let overlap = vocabulary.overlap
    guard overlap.languages.count > 2 else { return nil }
    var closest: (Int, Int)?
    for row in overlap.languages.indices {
      for column in 0..<row {
        guard let best = closest else {
          closest = (row, column)
          continue
        }
        if overlap.distribution[row][column] > overlap.distribution[best.0][best.1] {
          closest = (row, column)
        }
      }
    }
    let loneliest = overlap.languages.indices.min { left, right in
      nearest(left) < nearest(right)
    }
    guard let closest, let loneliest else { return nil }
    return "Closest in the pieces they use: \(overlap.languages[closest.1]) and "
      + "\(overlap.languages[closest.0]) (\(number(overlap.distribution[closest.0][closest.1])) of 1). Furthest from "
      + "every other: \(overlap.languages[loneliest]) (\(number(nearest(loneliest))) to its nearest)."
  }

  private func nearest(_ row: Int) -> Double {
    let values = vocabulary.overlap.distribution[row]
    return values.indices.filter { $0 != row }.reduce(0) { max($0, values[$1]) }
  }

  private func change(_ comparison: VocabularyComparison) -> String? {
    let ratios = comparison.changes.compactMap { change in
      change.tokens.map { (language: change.language, estimate: $0) }
    }
    guard !ratios.isEmpty else { return nil }
    let shorter = ratios.filter { ($0.estimate.high ?? $0.estimate.value) < 1 }.count
    let longer = ratios.filter { ($0.estimate.low ?? $0.estimate.value) > 1 }.count
    let sorted = ratios.map { (language: $0.language, value: $0.estimate.value) }
      .sorted { $0.value < $1.value }
    guard let least = sorted.first, let most = sorted.last else { return nil }
    return
      "\(comparison.second) against \(comparison.first): fewer tokens in \(shorter), more in \(longer) of "
      + "\(ratios.count) languages beyond chance; from \(times(least.value)) in \(least.language) to "
      + "\(times(most.value)) in \(most.language).\(costs(comparison.second))"
  }

  /// How another vocabulary's parity differs, over the languages that neither loses.
  private func costs(_ name: String) -> String {
    guard let other = report.vocabularies.first(where: { $0.name == name }), let pivot = other.pivot
    else { return "" }
    let theirs = SubwordFindings(report: report, vocabulary: other).parity
    let known = Set(theirs.map(\.language))
    let ours = parity.filter { known.contains($0.language) }
    let both = Set(ours.map(\.language))
    let new = theirs.filter { both.contains($0.language) }
    guard let before = Self.median(ours), let after = Self.median(new), let old = ours.last,
      let worst = new.last, new.count > 1
    else { return "" }
    return
      " Against \(pivot) the median goes from \(number(before)) to \(number(after)), the worst from "
      + "\(number(old.value)) (\(old.language)) to \(number(worst.value)) (\(worst.language))."
  }

  private func list(_ scores: [Score], _ write: (Double) -> String) -> String {
    let words = scores.map { "\($0.language) (\(write($0.value)))" }
    guard let last = words.last, words.count > 1 else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  private func number(_ value: Double) -> String { Numbers.fixed(value, decimals: 2) }
  private func times(_ value: Double) -> String { number(value) + "\u{A0}times" }
  private func percent(_ value: Double, decimals: Int = 1) -> String {
    Numbers.fixed(value * 100, decimals: decimals) + "\u{A0}%"
  }
  private func share(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }
}
