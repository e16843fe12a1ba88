// SPDX-License-Identifier: Apache-2.0

import Torch

/// Multi-head attention of each row's tokens to each other (Vaswani and others, 2017).
///
/// Projections work on all tokens at once; the attention itself runs once per group of rows of one
/// length, on views, so no work and no memory goes into padding.
///
/// # Shapes
/// Input and output `[tokens, hidden]`.
struct SelfAttention {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  private let headCount: Int

  init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    let hidden = configuration.hiddenSize
    headCount = configuration.headCount
    query = try Linear(scope["self", "query"], inputs: hidden, outputs: hidden)
    key = try Linear(scope["self", "key"], inputs: hidden, outputs: hidden)
    value = try Linear(scope["self", "value"], inputs: hidden, outputs: hidden)
    output = try Linear(scope["output", "dense"], inputs: hidden, outputs: hidden)
  }

  func callAsFunction(
    _ states: Tensor, _ batch: PackedBatch, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let queries = try query(states)  // [tokens, hidden]
    let keys = try key(states)
    let values = try value(states)
    let width = queries.shape[1]
    var contexts: [Tensor] = []
    for group in batch.groups {
      let context = try heads(queries, group).attention(
        keys: heads(keys, group, length: group.keyLength),
        values: heads(values, group, length: group.keyLength),
        dropout: dropout.attention)  // [rows, heads, length, hidden / heads]
      contexts.append(
        try context.transposed(1, 2).reshaped([group.rowCount * group.length, width]))
    }
    let joined = contexts.count == 1 ? contexts[0] : try Tensor.concatenated(contexts)
    return try output(joined)  // [tokens, hidden]
  }

  /// A group's part of `[tokens, hidden]` as `[rows, heads, length, hidden / heads]`, a view.
  private func heads(
    _ tensor: Tensor, _ group: PackedBatch.Group, length: Int? = nil
  ) throws(TorchError) -> Tensor {
    let rows = try tensor.narrowed(0, start: group.start, length: group.rowCount * group.length)
      .reshaped([group.rowCount, group.length, headCount, -1])
      .transposed(1, 2)
    guard let length, length < group.length else { return rows }
    return try rows.narrowed(2, start: 0, length: length)
  }
}
