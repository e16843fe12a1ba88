// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Tasks
import Torch

extension TransferRun {
  /// The kept method beside each bag of words, in every language.
  func compare(
    _ artifacts: [String: MethodArtifacts], _ data: TaskData
  ) throws -> [MethodComparison] {
    let bootstrap = try Bootstrap(resamples: recipe.evaluation.resamples, seed: recipe.seed)
    let others = recipe.methods.filter { $0.features == .words }
    return try others.flatMap { other in
      try data.test.map { examples in
        func outcomes(_ method: String) throws -> ClassificationOutcomes {
          try examples.outcomes(artifacts[method]?.probabilities[examples.language] ?? [])
        }
        return try MethodComparison(
          kept: recipe.keep, outcomes(recipe.keep), other: other.name, outcomes(other.name),
          bootstrap: bootstrap)
      }
    }
  }

  func writeResults(
    _ evidence: [MethodEvidence], _ comparisons: [MethodComparison]
  ) throws {
    let rows =
      evidence.flatMap { method in
        method.languages.flatMap {
          $0.rows(task: recipe.name, split: recipe.data.test, method: method.method)
        }
      } + comparisons.map { $0.row(task: recipe.name, split: recipe.data.test) }
    try ResultsDocument(
      header: .init(
        recipe: "\(recipe.name) (\(recipe.recipe))", seed: recipe.seed,
        versions: ["koine": Koine.version, "libtorch": Engine.version]),
      rows: rows, sourceLanguage: recipe.data.source
    ).write(to: output.appendingPathComponent("results.json"))
  }
}
