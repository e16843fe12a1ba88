// SPDX-License-Identifier: Apache-2.0

import Foundation
import Transfer

/// The few lines that the run of a task's recipe ends with.
struct TaskRunSummary {
  private let summary: TaskRun.Summary
  private let source: String
  private let output: String

  init(_ summary: TaskRun.Summary, source: String, output: String) {
    (self.summary, self.source, self.output) = (summary, source, output)
  }

  var text: String {
    guard let kept = summary.methods.first(where: { $0.method == summary.kept }) else { return "" }
    let metric = kept.languages.first?.scores.first?.metric ?? "score"
    let width =
      2
      + (summary.methods.map(\.method) + kept.languages.map(\.language))
      .reduce(8) { max($0, $1.count) }
    let scoreWidth = 2 + max(metric.count, 5)
    var lines = [
      "",
      TextColumns.padded("language", width) + "examples"
        + TextColumns.padded(metric, -scoreWidth) + "  95 % interval",
    ]
    for part in kept.languages {
      let interval =
        part.interval.map { String(format: "  %.3f – %.3f", $0.low, $0.high) } ?? "  –"
      lines.append(
        TextColumns.padded(part.language, width) + TextColumns.padded(String(part.count), -8)
          + TextColumns.padded(String(format: "%.3f", part.value), -scoreWidth) + interval
          + (part.language == source ? "  source" : ""))
    }
    lines += ["", TextColumns.padded("method", width) + "source  mean of others    trained"]
    for method in summary.methods {
      func number(_ value: Double?, _ width: Int) -> String {
        TextColumns.padded(value.map { String(format: "%.3f", $0) } ?? "–", -width)
      }
      lines.append(
        TextColumns.padded(method.method, width) + number(method.source(source), 6)
          + number(method.meanOfOthers(source), 16)
          + TextColumns.padded(String(method.parameterCount), -11)
          + (method.method == summary.kept ? "   kept" : ""))
    }
    lines += gains(width)
    // As the program was called, so that the lines can be pasted.
    let program = CommandLine.arguments[0]
    lines += [
      "", "report: \(summary.report.path)", "", "try next:",
      "  \(program) predict \(output)/model FILE",
      "  \(program) evaluate \(output)/model FILE…",
    ]
    if !summary.below.isEmpty {
      let below = summary.below.map { " --below \($0)" }.joined()
      lines.append(
        "  \(program) predict \(output)/model\(below) FILE    (other languages than \(source))")
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  /// What each method is worth over the reference.
  private func gains(_ width: Int) -> [String] {
    guard let reference = summary.gains.first?.reference else { return [] }
    var lines = [
      "",
      TextColumns.padded("over \(reference)", width)
        + " points  95 % interval  better in        p  corrected",
    ]
    for gain in summary.gains {
      let interval =
        gain.interval.map { String(format: "%+.1f – %+.1f", 100 * $0.low, 100 * $0.high) } ?? "–"
      lines.append(
        TextColumns.padded(gain.method, width)
          + TextColumns.padded(String(format: "%+.1f", 100 * gain.difference), -7)
          + TextColumns.padded(interval, -15)
          + TextColumns.padded("\(gain.better)/\(gain.languages)", -11)
          + TextColumns.padded(String(format: "%.3g", gain.pValue), -9)
          + TextColumns.padded(String(format: "%.3g", gain.adjusted), -11))
    }
    return lines
  }
}
