// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A row of tokens as a model reads it, and the pieces that it has to guess from the states at some places.
public struct TokenTargets: Sendable, Equatable {
  /// The row's ids as the model reads them.
  public var ids: [Int32]
  /// The places whose states guess, rising.
  public var places: [Int]
  /// The piece to guess from each.
  public var targets: [Int32]
}

/// Rows with something to guess, laid end to end.
struct TargetBatch {
  let packed: PackedBatch
  /// Places that guess, among the batch's tokens.
  private let places: [Int64]
  /// What they have to guess, in the ids of the pieces that there are.
  private let targets: [Int64]

  init(
    _ rows: [TokenTargets], _ pieces: PieceSubset?, for configuration: EncoderConfiguration
  ) throws {
    let ids = rows.map(\.ids)
    packed = try PackedBatch(pieces?.renumbered(ids) ?? ids, for: configuration)
    let starts = packed.firstTokens
    places = rows.indices.flatMap { row in rows[row].places.map { Int64(starts[row] + $0) } }
    targets = (pieces?.renumbered(rows.map(\.targets)) ?? rows.map(\.targets)).joined()
      .map(Int64.init)
  }

  /// The scores of all pieces at the places that guess, `[targets, pieces]`.
  private func logits(_ states: Tensor, _ model: MaskedLanguageModel) throws -> Tensor {
    try model.logits(states.gathered(0, Tensor(places)))
  }

  /// The mean cross-entropy of the targets, given the last states of the batch's tokens.
  func loss(_ states: Tensor, _ model: MaskedLanguageModel) throws -> Tensor {
    try logits(states, model).crossEntropy(Tensor(targets))
  }

  /// The sum of the cross-entropies of the targets, how many of them have the highest score, and how many there are.
  func score(
    _ states: Tensor, _ model: MaskedLanguageModel
  ) throws -> (loss: Double, hits: Int, count: Int) {
    let logits = try logits(states, model)
    let guesses = try logits.argmax(1).elements(as: Int64.self)
    return (
      try logits.crossEntropies(Tensor(targets)).sum().item(),
      zip(guesses, targets).count { $0 == $1 }, targets.count
    )
  }
}
