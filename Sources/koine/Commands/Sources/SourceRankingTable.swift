// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Transfer

/// A ranking of sources for people: a line for each candidate, its reasons and risks below.
struct SourceRankingTable {
  let result: SourceRankingResult

  init(_ result: SourceRankingResult) {
    self.result = result
  }

  private struct Column {
    var title: String
    var feature: SourceFeature
    var digits: Int
  }

  private static let columns = [
    Column(title: "agree", feature: .agreement, digits: 3),
    Column(title: "own", feature: .ownAccuracy, digits: 3),
    Column(title: "near", feature: .nearestCosine, digits: 3),
    Column(title: "words", feature: .wordOverlap, digits: 3),
    Column(title: "pieces", feature: .pieceOverlap, digits: 3),
    Column(title: "trigrams", feature: .trigramOverlap, digits: 3),
    Column(title: "script", feature: .scriptOverlap, digits: 2),
    Column(title: "fertility", feature: .fertility, digits: 2),
    Column(title: "syntax", feature: .syntacticDistance, digits: 2),
    Column(title: "family", feature: .geneticDistance, digits: 2),
    Column(title: "globe", feature: .geographicDistance, digits: 2),
  ]

  /// The table.
  var text: String {
    var lines = [header]
    let columns = Self.columns.filter { column in
      result.ranked.contains { $0.features[column.feature] != nil }
    }
    let width = max(8, result.ranked.map(\.language.count).max() ?? 0)
    lines.append(
      TextColumns.padded("rank", 4) + "  " + TextColumns.padded("language", width)
        + TextColumns.padded("score", -8)
        + columns.map { TextColumns.padded($0.title, -max(7, $0.title.count) - 2) }.joined())
    for (index, source) in result.ranked.enumerated() {
      lines.append(
        TextColumns.padded("\(index + 1)", -4) + "  " + TextColumns.padded(source.language, width)
          + TextColumns.padded(String(format: "%+.3f", source.score), -8)
          + columns.map { column in
            let value = source.features[column.feature].map {
              String(format: "%.\(column.digits)f", $0)
            }
            return TextColumns.padded(value ?? "-", -max(7, column.title.count) - 2)
          }.joined())
      lines += source.reasons().map { "        \($0)" }
      lines += (result.risks[source.language] ?? []).map { "        ! \($0.description)" }
    }
    if let probe = result.probe { lines += probeLines(probe) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var header: String {
    let target = result.target
    var header =
      "target \(target.language): \(target.rows) rows"
      + String(
        format: ", %.2f pieces per word, type-token ratio %.2f", target.fertility,
        target.typeTokenRatio)
    if let script = target.script { header += ", script \(script)" }
    if target.unknownShare > TransferRisk.unknownLimit {
      header += String(
        format:
          "\n! the base's vocabulary lacks %.1f %% of the target's pieces; no source will do well",
        target.unknownShare * 100)
    }
    if result.classes == nil { header += "\nranked without labels, which tells less" }
    if !result.hasTypology { header += "\nranked without typology" }
    return header
  }

  private func probeLines(_ probe: SourceProbe) -> [String] {
    ["", "probe on \(probe.rows) labelled rows of \(result.target.language):"]
      + probe.measured.map {
        "  \($0.language)  "
          + String(format: "%.3f [%.3f, %.3f]", $0.accuracy, $0.low, $0.high)
      } + [probe.verdict]
  }
}
