// SPDX-License-Identifier: Apache-2.0

/// The most confident mistakes.
struct MistakesView {
  /// One mistake.
  struct Line {
    let called: String
    let tag: String
    let snippet: String
    let gold: String
    let predicted: String
    let confidence: String
    let sortConfidence: String
  }

  let lines: [Line]
  let omitted: String?

  init(_ evidence: Evidence) {
    let all = evidence.report.mistakes
    lines = all.prefix(TransferReport.mistakeLimit).map {
      Line(
        called: evidence.name($0.language), tag: HTMLText.languageTag($0.language),
        snippet: HTMLText.snippet($0.text, limit: 400), gold: $0.gold, predicted: $0.predicted,
        confidence: Numbers.percent($0.confidence),
        sortConfidence: $0.confidence.isFinite ? "\($0.confidence)" : "")
    }
    omitted =
      all.count > lines.count
      ? "The first \(lines.count) of \(Numbers.count(all.count)) are listed." : nil
  }
}
