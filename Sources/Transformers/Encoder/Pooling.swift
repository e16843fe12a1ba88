// SPDX-License-Identifier: Apache-2.0

import Torch

/// How the states of a row's tokens become one vector.
public enum Pooling: String, Sendable, Codable, CaseIterable {
  /// The mean over all tokens, special ones included, as E5 does.
  case mean
  /// The first token's state.
  case first

  /// One vector per row in the order in which rows were given.
  ///
  /// - Parameters:
  ///   - states: `[tokens, hidden]`.
  ///   - batch: the batch that the states belong to.
  /// - Returns: `[rows, hidden]`.
  public func callAsFunction(
    _ states: Tensor, _ batch: PackedBatch
  ) throws(TorchError) -> Tensor {
    switch self {
    case .first: try Self.first(states, batch)
    case .mean: try Self.mean(states, batch)
    }
  }

  static func first(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor {
    try states.gathered(0, Tensor(batch.firstTokens.map(Int64.init)))  // [rows, hidden]
  }

  private static func mean(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor {
    let width = states.shape[1]
    var means: [Tensor] = []
    for group in batch.groups {
      let rows = try states.narrowed(
        0, start: group.start, length: group.rowCount * group.length
      ).reshaped([group.rowCount, group.length, width])  // [rows, length, hidden]
      let kept =
        group.keyLength < group.length
        ? try rows.narrowed(1, start: 0, length: group.keyLength) : rows
      means.append(try kept.mean([1]))  // [rows, hidden]
    }
    return try batch.restored(Tensor.concatenated(means))
  }
}
