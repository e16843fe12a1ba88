// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Training
import Transfer

/// What an alignment did, language by language.
struct AlignmentSummary: Encodable {
  struct Language: Encodable {
    let language: String
    let pairs: Int
    let before, after: SpaceHealth?
  }

  let method: String
  let objective: [String]
  let pairs, tokens, trainableParameters, steps: Int
  let seconds, cpuSeconds: Double
  let peakMemoryBytes: Int
  let epochs: [TrainingLoop.Epoch]
  let stoppedEarly: Bool
  let languages: [Language]

  init(
    _ result: AlignmentTraining.Result, _ settings: AlignmentTraining.Settings, seconds: Double
  ) {
    method = settings.choice.kind.rawValue
    objective = settings.learning.objective.terms.map { "\($0.kind.rawValue)=\($0.weight)" }
    (pairs, tokens) = (result.pairCount, result.tokenCount)
    trainableParameters = result.tuned.movingParameterCount
    steps = result.tuned.training.steps
    (self.seconds, cpuSeconds) = (seconds, ProcessUsage.cpuSeconds)
    peakMemoryBytes = ProcessUsage.peakMemory
    epochs = result.tuned.training.epochs
    stoppedEarly = result.tuned.training.stoppedEarly
    func health(_ all: [LanguageHealth], _ name: String) -> SpaceHealth? {
      all.first { $0.language == name }?.health
    }
    let own = result.languages.map(\.name)
    let watched = result.tuned.before.map(\.language).filter { !own.contains($0) }
    let counts = Dictionary(
      result.languages.map { ($0.name, $0.pairs) }, uniquingKeysWith: { first, _ in first })
    languages = (own + watched).map { name in
      Language(
        language: name, pairs: counts[name] ?? 0, before: health(result.tuned.before, name),
        after: health(result.tuned.after, name))
    }
  }

  /// A line for each language: how its space was and is.
  var table: String {
    var table = PlainTable(
      [
        "language", "pairs", "held out", "found before", "after", "alignment", "after", "rank",
        "after", "mean cosine", "after",
      ], numeric: Set(1...10))
    func number(_ value: Double?, _ digits: Int = 3) -> String {
      value.map { String(format: "%.\(digits)f", $0) } ?? "-"
    }
    for row in languages {
      table.append([
        row.language, "\(row.pairs)", row.after.map { "\($0.count)" } ?? "-",
        number(row.before?.accuracy), number(row.after?.accuracy),
        number(row.before?.alignment), number(row.after?.alignment),
        number(row.before?.effectiveRank, 0), number(row.after?.effectiveRank, 0),
        number(row.before?.meanCosine), number(row.after?.meanCosine),
      ])
    }
    return table.text
  }
}
