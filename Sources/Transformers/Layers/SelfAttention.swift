// SPDX-License-Identifier: Apache-2.0

import Torch

/// Multi-head attention of each row's tokens to each other (Vaswani and others, 2017).
///
/// Projections work on all tokens at once; the attention itself runs row by row or, where gradients are
/// wanted, once per group of rows of one length. No work and no memory goes into padding.
///
/// # Shapes
/// Input and output `[tokens, hidden]`.
struct SelfAttention {
  private(set) var query: Linear
  private(set) var key: Linear
  private(set) var value: Linear
  private(set) var output: Linear
  private let headCount: Int

  init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    let hidden = configuration.hiddenSize
    headCount = configuration.headCount
    query = try Linear(scope["self", "query"], inputs: hidden, outputs: hidden)
    key = try Linear(scope["self", "key"], inputs: hidden, outputs: hidden)
    value = try Linear(scope["self", "value"], inputs: hidden, outputs: hidden)
    output = try Linear(scope["output", "dense"], inputs: hidden, outputs: hidden)
  }

  /// What each token attends to, plus `residual`, `[tokens, hidden]`.
  func callAsFunction(
    _ states: Tensor, _ batch: PackedBatch, adding residual: Tensor, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let queries = try query(states)  // [tokens, hidden]
    let keys = try key(states)
    let values = try value(states)
    let width = queries.shape[1] / headCount
    let contexts =
      GradientMode.isEnabled || dropout.attention > 0
        || !Tensor.hasPackedAttention(headWidth: width)
      ? try grouped(queries, keys, values, batch, dropout)
      : try queries.packedAttention(
        keys: keys, values: values, groups: batch.groups, headCount: headCount)
    return try output(contexts, adding: residual, dropout: dropout.hidden)  // [tokens, hidden]
  }

  /// The same attention with packed weights, see ``Linear/packed()``.
  func packed() throws(TorchError) -> SelfAttention {
    var result = self
    result.query = try query.packed()
    result.key = try key.packed()
    result.value = try value.packed()
    result.output = try output.packed()
    return result
  }

  /// Attention by the engine's own kernels, which have gradients: a call for each length of row.
  private func grouped(
    _ queries: Tensor, _ keys: Tensor, _ values: Tensor, _ batch: PackedBatch, _ dropout: Dropout
  ) throws(TorchError) -> Tensor {
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
    return contexts.count == 1 ? contexts[0] : try Tensor.concatenated(contexts)
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
