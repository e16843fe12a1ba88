// SPDX-License-Identifier: Apache-2.0

/// The chart of languages and the table behind it.
struct LanguagesView {
  /// A line of the chart.
  struct Lane {
    let code: String
    let called: String
    let isSource: Bool
    let chart: String
    let loss: String
  }

  /// A sign and its meaning.
  struct Key {
    let sign: String
    let called: String
  }

  /// A line of the table: one language under one method.
  struct Cells {
    let code: String
    let called: String
    let method: String
    let n: Int
    let count: String
    let accuracy: String
    let interval: String
    let macroF1: String
    let calibration: String
    let loss: String
    /// The same numbers for sorting; empty where there is none.
    let sortAccuracy: String
    let sortMacroF1: String
    let sortCalibration: String
    let sortLoss: String
  }

  let axis: String
  let lanes: [Lane]
  let keys: [Key]
  let cells: [Cells]
  let sourceName: String
  let headlineName: String
  let hasIntervals: Bool
  /// Whether the source was measured too.
  let hasSource: Bool

  init(_ evidence: Evidence) {
    let chart = IntervalChart(evidence)
    let methods = evidence.report.methods
    let headline = evidence.headline
    let sourceCode = evidence.report.sourceLanguage
    sourceName = evidence.sourceName
    headlineName = headline?.method.name ?? ""
    hasIntervals = evidence.report.scores.contains { $0.low != nil && $0.high != nil }
    hasSource = headline?.source != nil
    axis = chart.axis
    keys = methods.indices.map { Key(sign: chart.key($0), called: methods[$0].name) }

    func loss(_ code: String, _ method: String, _ source: Double?) -> Double? {
      guard code != sourceCode, let source,
        let accuracy = evidence.score(code, method)?.accuracy, accuracy.isFinite
      else { return nil }
      return source - accuracy
    }
    lanes = evidence.languages.map { code in
      Lane(
        code: code, called: evidence.name(code), isSource: code == sourceCode,
        chart: chart.row(code),
        loss: code == sourceCode
          ? "source" : Numbers.points(loss(code, headline?.method.name ?? "", headline?.source)))
    }
    cells = evidence.languages.flatMap { code in
      evidence.standings.compactMap { standing -> Cells? in
        let method = standing.method.name
        guard let score = evidence.score(code, method) else { return nil }
        let difference = loss(code, method, standing.source)
        return Cells(
          code: code, called: evidence.name(code), method: method, n: score.n,
          count: Numbers.count(score.n), accuracy: Numbers.percent(score.accuracy),
          interval: Self.interval(score), macroF1: Numbers.percent(score.macroF1),
          calibration: Numbers.percent(score.calibrationError),
          loss: Numbers.points(difference), sortAccuracy: Self.sortKey(score.accuracy),
          sortMacroF1: Self.sortKey(score.macroF1),
          sortCalibration: Self.sortKey(score.calibrationError),
          sortLoss: Self.sortKey(difference))
      }
    }
  }

  private static func interval(_ score: TransferReport.Score) -> String {
    guard let low = score.low, let high = score.high, low.isFinite, high.isFinite else {
      return Numbers.none
    }
    return "\(Numbers.percent(low)) – \(Numbers.percent(high))"
  }

  private static func sortKey(_ value: Double?) -> String {
    value.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
  }
}
