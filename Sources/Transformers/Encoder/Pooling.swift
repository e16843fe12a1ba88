// SPDX-License-Identifier: Apache-2.0

import Torch

/// How the states of a row's tokens become one vector.
public enum Pooling: String, Sendable, Codable, CaseIterable {
  /// The mean over all tokens, special ones included, as E5 does.
  case mean
  /// The first token's state, as BERT's classifiers do.
  case first
  /// The largest value of each dimension over all tokens.
  case max

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
    case .first: return try Self.first(states, batch)
    case .mean:
      return try Self.perRow(states, batch) { (rows) throws(TorchError) in try rows.mean([1]) }
    case .max:
      return try Self.perRow(states, batch) { (rows) throws(TorchError) in try rows.greatest([1]) }
    }
  }

  static func first(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor {
    try states.gathered(0, Tensor(batch.firstTokens.map(Int64.init)))  // [rows, hidden]
  }

  /// What `body` makes of the rows of one length, `[rows, length, hidden]`, for all lengths.
  private static func perRow(
    _ states: Tensor, _ batch: PackedBatch, _ body: (Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> Tensor {
    let width = states.shape[1]
    var results: [Tensor] = []
    for group in batch.groups {
      let rows = try states.narrowed(
        0, start: group.start, length: group.rowCount * group.length
      ).reshaped([group.rowCount, group.length, width])  // [rows, length, hidden]
      let kept =
        group.keyLength < group.length
        ? try rows.narrowed(1, start: 0, length: group.keyLength) : rows
      results.append(try body(kept))  // [rows, hidden]
    }
    return try batch.restored(Tensor.concatenated(results))
  }
}
