// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords

/// What the templates of a subword report see.
struct SubwordPageView {
  let title: String
  let style: String
  let script: String
  let sentence: String
  let tiles: [Headline.Tile]
  let findings: [String]
  let charts: [Chart]
  let comparisons: [SubwordChangeView]
  let vocabularies: [SubwordVocabularyView]
  let facts: [TransferReport.Field]
  let hasFacts: Bool

  /// A chart with its heading.
  struct Chart {
    let heading: String
    let about: String
    let legend: [Key]
    let bars: String
    let isFolded: Bool
  }

  /// A mark and its meaning.
  struct Key {
    let mark: String
    let meaning: String
  }

  init(_ report: SubwordReport, _ first: VocabularyInspection) {
    let findings = SubwordFindings(report: report, vocabulary: first)
    title = report.title
    style = StyleSheet.css + OverlapMap.style + SubwordStyle.css
    script = Script.javaScript + SubwordScript.javaScript
    sentence = findings.sentence
    tiles = findings.tiles
    self.findings = findings.sentences
    charts = Self.charts(report, first)
    comparisons = report.comparisons.map(SubwordChangeView.init)
    vocabularies = report.vocabularies.enumerated().map {
      SubwordVocabularyView($1, number: $0, isAlone: report.vocabularies.count == 1)
    }
    facts = report.facts
    hasFacts = !report.facts.isEmpty
  }

  private static func charts(_ report: SubwordReport, _ first: VocabularyInspection) -> [Chart] {
    let others = report.vocabularies.dropFirst()
    var legend =
      others.isEmpty
      ? []
      : [Key(mark: "bar", meaning: first.name)]
        + others.enumerated().map { Key(mark: "m\($0 % 3)", meaning: $1.name) }
    if first.languages.contains(where: SubwordFindings.isLost) {
      legend.append(
        Key(
          mark: "bar lost",
          meaning:
            "more than \(Numbers.fixed(SubwordFindings.lossLimit * 100, decimals: 0)) % of the characters "
            + "are unknown, so the number means little"))
    }
    func bars(
      _ unit: String, _ reference: Double?, _ value: (LanguageInspection) -> Estimate?
    ) -> String? {
      let bars = first.languages.compactMap { language -> LanguageBars.Bar? in
        guard let estimate = value(language) else { return nil }
        return LanguageBars.Bar(
          language: language.language, estimate: estimate,
          lost: SubwordFindings.isLost(language) ? language.unknownCharacters : nil,
          others: others.compactMap { other in
            other.language(language.language).flatMap(value).map { (other.name, $0.value) }
          })
      }
      guard !bars.isEmpty else { return nil }
      return LanguageBars(bars, pivot: first.pivot, unit: unit, reference: reference).html
    }
    var charts: [Chart] = []
    if let pivot = first.pivot,
      let parity = bars("times the tokens of \(pivot)", 1, { $0.parity })
    {
      charts.append(
        Chart(
          heading: "Cost against \(pivot)",
          about:
            "Tokens divided by those of \(pivot) for the same sentences; the line is parity. Thin lines are 95 % "
            + "intervals.", legend: legend, bars: parity, isFolded: false))
    }
    if let fertility = bars("tokens for a word", nil, { $0.fertility }) {
      charts.append(
        Chart(
          heading: "Tokens for a word",
          about:
            "Fertility, where words are parted by spaces. Languages with long words have more to spell, so "
            + "compare vocabularies rather than languages by it.", legend: legend,
          bars: fertility, isFolded: !charts.isEmpty))
    }
    if let density = bars("tokens for a character", nil, { $0.tokensPerCharacter }) {
      charts.append(
        Chart(
          heading: "Tokens for a character",
          about: "Tokens per Unicode scalar, for every script alike.", legend: legend,
          bars: density, isFolded: !charts.isEmpty))
    }
    return charts
  }
}

/// What changes from one vocabulary to another.
struct SubwordChangeView {
  struct Row {
    let called: String
    let ratio: String
    let interval: String
    let bar: String
    let fertility: String
    let parity: String
    let whole: String
    let unknown: String
    let bytes: String
    let renyi: String
    let sortRatio: String
    let sortFertility: String
    let sortParity: String
    let sortWhole: String
    let sortUnknown: String
    let sortBytes: String
    let sortRenyi: String
  }

  let before: String
  let after: String
  let changes: [Row]

  init(_ comparison: VocabularyComparison) {
    before = comparison.first
    after = comparison.second
    let sorted = comparison.changes.enumerated().sorted { left, right in
      let (a, b) = (
        left.element.tokens?.value ?? .infinity, right.element.tokens?.value ?? .infinity
      )
      return a != b ? a < b : left.offset < right.offset
    }.map(\.element)
    let widest = sorted.reduce(0.05) { most, change in
      max(most, change.tokens.map { abs(log2(max($0.value, 1e-6))) } ?? 0)
    }
    changes = sorted.map { change in
      let ratio = change.tokens?.value
      let share = log2(max(ratio ?? 1, 1e-6)) / widest * 50
      let left = Numbers.place(share < 0 ? 50 + share : 50)
      return Row(
        called: change.language, ratio: Numbers.fixed(ratio, decimals: 3),
        interval: change.tokens.map(Self.interval) ?? "",
        bar: "left:\(left)%;width:\(Numbers.place(abs(share)))%",
        fertility: Numbers.fixed(change.fertility?.value, decimals: 2, signed: true),
        parity: Numbers.fixed(change.parity?.value, decimals: 2, signed: true),
        whole: Self.points(change.wholeWords?.value),
        unknown: Self.points(change.unknownRate?.value),
        bytes: Self.points(change.byteRate?.value),
        renyi: Numbers.fixed(change.renyiEfficiency, decimals: 3, signed: true),
        sortRatio: SubwordTableView.sort(ratio),
        sortFertility: SubwordTableView.sort(change.fertility?.value),
        sortParity: SubwordTableView.sort(change.parity?.value),
        sortWhole: SubwordTableView.sort(change.wholeWords?.value),
        sortUnknown: SubwordTableView.sort(change.unknownRate?.value),
        sortBytes: SubwordTableView.sort(change.byteRate?.value),
        sortRenyi: SubwordTableView.sort(change.renyiEfficiency))
    }
  }

  private static func points(_ value: Double?) -> String {
    Numbers.fixed(value.map { $0 * 100 }, decimals: 1, signed: true)
  }

  private static func interval(_ estimate: Estimate) -> String {
    guard let low = estimate.low, let high = estimate.high else { return "" }
    return "\(Numbers.fixed(low, decimals: 3)) to \(Numbers.fixed(high, decimals: 3))"
  }
}
