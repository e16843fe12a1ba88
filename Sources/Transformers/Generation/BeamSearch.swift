// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// Beam search with transformers' rules: which beams finish, what scores are, and when a row is done.
struct BeamSearch {
  let model: SequenceToSequenceModel
  let configuration: GenerationConfiguration

  /// A row that goes on, and the sum of its pieces' log-probabilities.
  private struct Beam {
    var row: RunningRow
    var score: Float
  }

  /// What is searched for one source.
  private struct Search {
    var running: [Beam]
    /// Finished texts, best first, at most as many as beams.
    var finished: [(ids: [Int32], score: Float)] = []
    var isDone = false
  }

  /// What a beam might become.
  private struct Candidate {
    var beam: Int
    var id: Int32
    var score: Float
  }

  /// The best texts for each source, best first.
  func run(_ sources: [[Int32]]) throws -> [[GeneratedSequence]] {
    let beams = configuration.beamCount
    var state = try DecodingState(
      model, sources, rowCapacity: sources.count * beams, stepCapacity: configuration.maxNewTokens)
    let rules = LogitsRules(configuration)
    let start = Int32(model.configuration.startID)
    var searches = sources.indices.map {
      Search(running: [Beam(row: RunningRow(ids: [start], source: $0), score: 0)])
    }
    for count in 0..<configuration.maxNewTokens {
      let active = searches.indices.filter { !searches[$0].isDone }
      var rows = active.flatMap { searches[$0].running.map(\.row) }
      if rows.isEmpty { break }
      let states = try state.advance(&rows)
      let best = try candidates(states, rows, rules, written: count)
      var first = 0
      for index in active {
        let running = searches[index].running.indices
        var found: [Candidate] = []
        for beam in running {
          searches[index].running[beam].row = rows[first + beam]
          let score = searches[index].running[beam].score
          found += best[first + beam].compactMap { id, logProbability in
            let sum = score + logProbability
            return sum > -.infinity ? Candidate(beam: beam, id: id, score: sum) : nil
          }
        }
        first += running.count
        // A stable order: equal scores go by beam.
        found.sort { ($1.score, $0.beam, $0.id) < ($0.score, $1.beam, $1.id) }
        advance(&searches[index], Array(found.prefix(keepCount)), rules, written: count + 1)
      }
    }
    return searches.map { search in
      search.finished.prefix(configuration.returnCount).map {
        GeneratedSequence(ids: $0.ids, score: Double($0.score))
      }
    }
  }

  /// Enough candidates that as many as beams are left when all others end.
  private var keepCount: Int {
    max(2, 1 + configuration.endIDs.count) * configuration.beamCount
  }

  /// For each row the pieces that may come next with the log-probabilities, best first.
  private func candidates(
    _ states: Tensor, _ rows: [RunningRow], _ rules: LogitsRules, written: Int
  ) throws -> [[(Int32, Float)]] {
    if let forced = rules.forcedID(after: written) {
      return Array(repeating: [(forced, 0)], count: rows.count)
    }
    let scores = try model.logits(states).logSoftmax()  // [rows, vocabulary]
    try rules.apply(to: scores, rows.map(\.ids))
    let count = min(keepCount, scores.shape[1])
    let (values, indices) = try scores.largest(count)
    let found = zip(
      try indices.elements(as: Int32.self), try values.elements(as: Float.self)
    ).map { ($0, $1) }
    return rows.indices.map { Array(found[($0 * count)..<(($0 + 1) * count)]) }
  }

  /// Takes candidates, best first, into one search, of texts that are `written` pieces long.
  private func advance(
    _ search: inout Search, _ candidates: [Candidate], _ rules: LogitsRules, written: Int
  ) {
    let beams = configuration.beamCount
    let isLast = written == configuration.maxNewTokens
    let before = search.running
    let penalty = Float(pow(Double(written), configuration.lengthPenalty))
    search.running = []
    for (place, candidate) in candidates.enumerated() {
      let row = before[candidate.beam].row
      if isLast || rules.isEnd(candidate.id) {
        // Those that end count only where they are among the best, as many as beams.
        guard place < beams else { continue }
        search.finished.append(
          (row.ids.dropFirst() + [candidate.id], candidate.score / penalty))
      } else if search.running.count < beams {
        search.running.append(Beam(row: row.adding(candidate.id), score: candidate.score))
      }
    }
    let ranked = search.finished.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }
    search.finished = ranked.prefix(beams).map(\.element)
    search.isDone = isDone(search, written: written)
  }

  private func isDone(_ search: Search, written: Int) -> Bool {
    guard let best = search.running.first else { return true }
    guard search.finished.count == configuration.beamCount,
      let worst = search.finished.last
    else { return false }
    if configuration.earlyStopping == .whenFull { return true }
    let isHopeful = configuration.earlyStopping == .never && configuration.lengthPenalty > 0
    let length = Double(isHopeful ? configuration.maxNewTokens : written)
    return best.score / Float(pow(length, configuration.lengthPenalty)) <= worst.score
  }
}
