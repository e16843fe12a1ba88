// SPDX-License-Identifier: Apache-2.0

import Metrics

/// The report's scores, looked up and ordered as the page needs them.
struct Evidence {
  /// One method beside what its scores come to.
  struct Standing {
    let method: TransferReport.Method
    let source: Double?
    let meanOfOthers: Double?
    let weakest: TransferGap.Score?
    let others: Int

    var gap: Double? {
      guard let source, let meanOfOthers else { return nil }
      return source - meanOfOthers
    }
  }

  let report: TransferReport
  /// The methods in the report's order.
  let standings: [Standing]
  /// The method that the page speaks of; nil where there are none.
  let headline: Standing?
  /// The languages: the source first, then by what they lose under the headline's method.
  let languages: [String]

  private let scores: [String: [String: TransferReport.Score]]
  private let names: [String: String]

  init(_ report: TransferReport) {
    self.report = report
    scores = Dictionary(grouping: report.scores, by: \.method).mapValues {
      Dictionary($0.map { ($0.language, $0) }, uniquingKeysWith: { first, _ in first })
    }
    names = Dictionary(
      report.languages.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })

    let standings = report.methods.map { Self.standing($0, in: report) }
    self.standings = standings
    let named = report.headlineMethod.flatMap { name in
      standings.first { $0.method.name == name }
    }
    // Where no other language was tested, the source's own score decides.
    func rank(_ standing: Standing) -> Double {
      standing.meanOfOthers ?? standing.source.map { $0 - 1 } ?? -.infinity
    }
    let headline = named ?? standings.max { rank($0) < rank($1) }
    self.headline = headline

    var order: [String] = []
    for score in report.scores where !order.contains(score.language) {
      order.append(score.language)
    }
    let ranks = scores[headline?.method.name ?? ""] ?? [:]
    languages = order.enumerated().sorted { left, right in
      func key(_ language: String) -> Double {
        if language == report.sourceLanguage { return -.infinity }
        return ranks[language]?.accuracy.flatMap { $0.isFinite ? -$0 : nil } ?? .infinity
      }
      let (a, b) = (key(left.element), key(right.element))
      return a == b ? left.offset < right.offset : a < b
    }.map(\.element)
  }

  /// The score of a language under a method, where it was tested.
  func score(_ language: String, _ method: String) -> TransferReport.Score? {
    scores[method]?[language]
  }

  /// What to call a language.
  func name(_ code: String) -> String { names[code] ?? code }

  /// What to call the source language.
  var sourceName: String { name(report.sourceLanguage) }

  private static func standing(
    _ method: TransferReport.Method, in report: TransferReport
  ) -> Standing {
    let measured = report.scores.compactMap { score -> TransferGap.Score? in
      guard score.method == method.name, let value = score.accuracy, value.isFinite else {
        return nil
      }
      return TransferGap.Score(language: score.language, value: value)
    }
    guard let gap = try? TransferGap(scores: measured, source: report.sourceLanguage) else {
      // Without a score of the source there is no gap, but the others still have a mean.
      let others = measured.map(\.value)
      return Standing(
        method: method, source: nil,
        meanOfOthers: others.isEmpty ? nil : others.reduce(0, +) / Double(others.count),
        weakest: measured.min { $0.value < $1.value }, others: others.count)
    }
    return Standing(
      method: method, source: gap.source, meanOfOthers: gap.meanOfOthers, weakest: gap.weakest,
      others: gap.others.count)
  }
}
