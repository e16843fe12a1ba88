// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import WordVectors

/// What is said of a map that was learnt.
struct MapReport: Encodable {
  struct Round: Encodable {
    let kind: String
    let pairs: Int
    let objective: Double?
  }

  let source: String
  let startPairs: Int
  let rounds: [Round]
  let validation: MapValidation
  let failed: Bool
  let statement: String

  init(_ source: String, _ outcome: MapTrainer.Outcome, _ validation: MapValidation) {
    self.source = source
    startPairs = outcome.startPairs
    rounds = outcome.rounds.map { Round(kind: $0.kind, pairs: $0.pairs, objective: $0.objective) }
    self.validation = validation
    failed = validation.hasFailed
    statement = validation.statement
  }
}

/// How far translations between two languages agree with those through the hub.
struct HubConsistency: Encodable {
  let first: String
  let second: String
  let agreement: Double
}
