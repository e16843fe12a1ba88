// SPDX-License-Identifier: Apache-2.0

import Torch

/// What must and must not be written next, in the order in which transformers applies it.
///
/// Scores are changed where they lie, before anything is copied out: a few entries of `[rows, vocabulary]`.
struct LogitsRules {
  private let configuration: GenerationConfiguration
  private let bannedAlways: [Int64]
  private let bannedRuns: [[Int32]]
  private let endIDs: [Int64]

  init(_ configuration: GenerationConfiguration) {
    self.configuration = configuration
    endIDs = configuration.endIDs.map(Int64.init)
    let runs = configuration.bannedRuns.filter { run in
      !(run.count == 1 && configuration.endIDs.contains(run[0]))
    }
    bannedAlways = Set(runs.filter { $0.count == 1 }.joined()).sorted().map(Int64.init)
    bannedRuns = runs.filter { $0.count > 1 }.map { $0.map(Int32.init) }
  }

  /// The only piece that may be written after so many, or nil.
  func forcedID(after written: Int) -> Int32? {
    if written == configuration.maxNewTokens - 1, let last = configuration.forcedLastID {
      return Int32(last)
    }
    return written == 0 ? configuration.forcedFirstID.map(Int32.init) : nil
  }

  /// Whether a piece ends a text.
  func isEnd(_ id: Int32) -> Bool { endIDs.contains(Int64(id)) }

  /// Applies bans and penalties to scores `[rows, vocabulary]`, given all pieces of each row, start piece first.
  func apply(to scores: Tensor, _ rows: [[Int32]]) throws(TorchError) {
    if configuration.repetitionPenalty != 1 { try penalizeRepetition(scores, rows) }
    try ban(rows, in: scores)
    var columns = bannedAlways
    if (rows.first?.count ?? 1) - 1 < configuration.minNewTokens { columns += endIDs }
    if !columns.isEmpty { try scores.fill(1, Tensor(columns), with: -.infinity) }
  }

  private func ban(_ rows: [[Int32]], in scores: Tensor) throws(TorchError) {
    guard configuration.noRepeatLength > 0 || !bannedRuns.isEmpty else { return }
    var places: (rows: [Int64], columns: [Int64]) = ([], [])
    for (index, ids) in rows.enumerated() {
      for id in repeating(ids) + completing(ids) {
        places.rows.append(Int64(index))
        places.columns.append(Int64(id))
      }
    }
    guard !places.rows.isEmpty else { return }
    try scores.put(
      .full([], -.infinity), rows: Tensor(places.rows), columns: Tensor(places.columns))
  }

  /// Pieces that would write a run of ``GenerationConfiguration/noRepeatLength`` again.
  private func repeating(_ ids: [Int32]) -> [Int32] {
    let length = configuration.noRepeatLength
    guard length > 0, ids.count + 1 >= length else { return [] }
    let tail = ids.suffix(length - 1)
    return (0..<max(0, ids.count - length + 1)).compactMap { start in
      ids[start..<(start + length - 1)].elementsEqual(tail) ? ids[start + length - 1] : nil
    }
  }

  /// Pieces that would complete a banned run.
  private func completing(_ ids: [Int32]) -> [Int32] {
    bannedRuns.compactMap { run in
      guard let last = run.last, ids.count >= run.count - 1 else { return nil }
      return ids.suffix(run.count - 1).elementsEqual(run.dropLast()) ? last : nil
    }
  }

  /// Scores of pieces that were written are multiplied where negative, and else divided.
  private func penalizeRepetition(_ scores: Tensor, _ rows: [[Int32]]) throws(TorchError) {
    let penalty = Float(configuration.repetitionPenalty)
    for (index, ids) in rows.enumerated() {
      let columns = try Tensor(Set(ids).sorted().map(Int64.init))
      let row = try scores.selected(0, index)
      let changed = try row.gathered(0, columns).elements(as: Float.self).map {
        $0 < 0 ? $0 * penalty : $0 / penalty
      }
      try row.copy(rows: Tensor(changed), at: columns)
    }
  }
}
