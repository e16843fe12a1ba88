// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks

/// The README of a task's model, with the YAML head that model hubs read.
struct TaskCard {
  let recipe: TaskRecipe
  let evidence: [TaskEvidence]

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
    return """
      ---
      library_name: koine
      base_model: \(recipe.base.model)
      pipeline_tag: \(Self.tag(recipe.task.kind))
      tags:
      - cross-lingual
      - zero-shot
      ---

      # \(recipe.title)

      A model for \(recipe.task.kind.rawValue), learned from labelled examples in '\(recipe.data.source)' and from no label in any
      other language, by \(recipe.methods.first { $0.name == recipe.keep }?.choice.summary ?? "") (the method '\(recipe.keep)' of Koine \(Koine.version)).

      | language | examples | \(metric) | 95 % interval |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      Languages that are not in the table were not measured. Use:

          koine predict THIS_FOLDER FILE

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
