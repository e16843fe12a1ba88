// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks

/// The README of a task's model, with the YAML head that model hubs read.
struct TaskCard {
  let recipe: TaskRecipe
  let evidence: [TaskEvidence]
  /// Adapters that were below in answering, with `{lang}` where each language has its own.
  let below: [String]

  /// The card's text; the same run gives the same bytes.
  var text: String {
    let kept = evidence.first { $0.method == recipe.keep }
    let metric = kept?.languages.first?.scores.first?.metric ?? "score"
    let rows = (kept?.languages ?? []).map { part in
      let interval =
        part.interval.map { String(format: "%.3f – %.3f", $0.low, $0.high) } ?? "–"
      return String(
        format: "| %@ | %d | %.3f | %@ |", part.language, part.count, part.value, interval)
    }
    let method = recipe.methods.first { $0.name == recipe.keep }
    return """
      ---
      library_name: koine
      base_model: \(recipe.base.model)
      pipeline_tag: \(Self.tag(recipe.task.kind))
      tags:
      - cross-lingual\(isTaught ? "" : "\n- zero-shot")
      ---

      # \(recipe.title)

      A model for \(recipe.task.kind.rawValue), learned from labelled examples in '\(recipe.data.source)' and \(labels),
      by \(method?.choice.summary ?? "") (the method '\(recipe.keep)' of Koine \(Koine.version)).\(draws)

      | language | examples | \(metric) | 95 % interval |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      Languages that are not in the table were not measured. Use:

          koine predict THIS_FOLDER FILE
      \(lower)
      """
  }

  private var teaching: TaskTeaching {
    recipe.methods.first { $0.name == recipe.keep }?.teaching ?? TaskTeaching()
  }

  /// Whether labels of other languages were learned from.
  private var isTaught: Bool { !teaching.sources.isEmpty || teaching.shots > 0 }

  private var labels: String {
    let agrees = recipe.methods.first { $0.name == recipe.keep }?.agreement != nil
    let summary =
      (teaching.summary.map { ", " + $0 } ?? "")
      + (agrees ? ", with texts of other languages and what they translate to agree about" : "")
    return isTaught
      ? "labels of other languages\(summary)" : "from no label in any other language\(summary)"
  }

  private var draws: String {
    guard let draws = evidence.first(where: { $0.method == recipe.keep })?.draws else { return "" }
    return "\nScores are means of \(draws.count) trainings, of which this is the first."
  }

  private var lower: String {
    guard !below.isEmpty else { return "" }
    return """

      In other languages than '\(recipe.data.source)' the scores are with the adapters of the run below (\(below.map { "--below \($0)" }.joined(separator: " "))).

      """
  }

  /// What model hubs call a task.
  private static func tag(_ kind: TaskKind) -> String {
    switch kind {
    case .classification, .regression: "text-classification"
    case .tagging: "token-classification"
    case .answering: "question-answering"
    case .similarity, .retrieval: "sentence-similarity"
    case .reranking: "text-ranking"
    }
  }
}
