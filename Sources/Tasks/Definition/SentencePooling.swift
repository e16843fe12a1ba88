// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// How the states of a row's tokens become one vector for a task.
public enum SentencePooling: String, Sendable, Codable, CaseIterable {
  /// The mean over all tokens, special ones included, as E5 does.
  case mean
  /// The first token's state, as BERT's classifiers do.
  case first
  /// The largest value of each dimension over all tokens.
  case max

  /// One vector per row in the order in which rows were given, `[rows, hidden]`, from states `[tokens, hidden]`.
  public func callAsFunction(_ states: Tensor, _ batch: PackedBatch) throws(TorchError) -> Tensor {
    switch self {
    case .mean: return try Pooling.mean(states, batch)
    case .first: return try Pooling.first(states, batch)
    case .max:
      let width = states.shape[1]
      var parts: [Tensor] = []
      for group in batch.groups {
        let rows = try states.narrowed(
          0, start: group.start, length: group.rowCount * group.length
        ).reshaped([group.rowCount, group.length, width])  // [rows, length, hidden]
        parts.append(try rows.narrowed(1, start: 0, length: group.keyLength).greatest([1]))
      }
      return try batch.inGivenOrder(Tensor.concatenated(parts))
    }
  }
}

extension PackedBatch {
  /// Puts one result per row, group by group, back into the order in which rows were given.
  func inGivenOrder(_ results: Tensor) throws(TorchError) -> Tensor {
    var places = [Int64](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = Int64(place) }
    return try results.gathered(0, Tensor(places))
  }
}
