// SPDX-License-Identifier: Apache-2.0

import Torch

/// Multi-head attention (Vaswani and others, 2017): of each row's tokens to each other, or to another batch's.
///
/// Projections work on all tokens at once; the attention itself runs row by row or, where gradients are
/// wanted, once per group of rows of one length. No work and no memory goes into padding.
///
/// # Shapes
/// Input and output `[tokens, hidden]`; queries, keys and values `[tokens, heads × head width]`.
struct Attention {
  private(set) var query: Linear
  private(set) var key: Linear
  private(set) var value: Linear
  private(set) var output: Linear
  /// Several projections of one input as one product, for a decoder's steps.
  private var joined: Linear?
  /// Query, key and value in 8 bits as one product, so that their input is quantised once.
  private var joinedInt8: Int8Weight?
  let headCount: Int
  /// What stands in front of rows' own keys and values.
  var prefixes: [AttentionPrefix] = []
  /// What scores are multiplied with.
  let scale: Double

  init(
    _ scope: ParameterScope, _ configuration: BlockConfiguration, _ names: BlockNames.Attention
  ) throws {
    headCount = configuration.headCount
    scale = configuration.scalesScores ? 1 / Double(configuration.headWidth).squareRoot() : 1
    let (hidden, inner) = (configuration.hiddenSize, headCount * configuration.headWidth)
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
      try Linear(scope[name], inputs: inputs, outputs: outputs, hasBias: configuration.hasBiases)
    }
    query = try linear(names.query, hidden, inner)
    key = try linear(names.key, hidden, inner)
    value = try linear(names.value, hidden, inner)
    output = try linear(names.output, inner, hidden)
  }

  /// What each token attends to in its own row, plus `residual`, `[tokens, hidden]`.
  func callAsFunction(
    _ states: Tensor, _ rows: AttentionRows, adding residual: Tensor, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    try self(states, to: states, rows, adding: residual, dropout: dropout)
  }

  /// What each token attends to among `others`, `[other tokens, hidden]`, plus `residual`, `[tokens, hidden]`.
  func callAsFunction(
    _ states: Tensor, to others: Tensor, _ rows: AttentionRows, adding residual: Tensor,
    dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let (queries, keys, values) = try projections(states, others)  // [tokens, heads * width]
    let contexts: Tensor
    if !GradientMode.isEnabled, dropout.attention == 0, !rows.isCausal, prefixes.isEmpty,
      let groups = rows.rowGroups
    {
      contexts = try queries.packedAttention(
        keys: keys, values: values, groups: groups, headCount: headCount, scale: scale,
        bias: rows.bias)
    } else if dropout.attention == 0, !rows.isCausal, prefixes.isEmpty, rows.bias == nil,
      let groups = rows.rowGroups, queries.dtype == .float32
    {
      contexts = try queries.rowAttention(
        keys: keys, values: values, groups: groups, headCount: headCount, scale: scale)
    } else {
      contexts = try grouped(queries, keys, values, rows, dropout)
    }
    return try output(contexts, adding: residual, dropout: dropout.hidden)  // [tokens, hidden]
  }

  private func projections(
    _ states: Tensor, _ others: Tensor
  ) throws(TorchError) -> (Tensor, Tensor, Tensor) {
    guard let joinedInt8, states === others, query.keepsInput, key.keepsInput, value.keepsInput
    else { return (try query(states), try key(others), try value(others)) }
    let all = try joinedInt8(states)  // [tokens, 3 * heads * width]
    let width = all.shape[1] / 3
    func part(_ index: Int, _ map: Linear) throws(TorchError) -> Tensor {
      try map.changed(all.narrowed(1, start: index * width, length: width), of: states)
    }
    return (try part(0, query), try part(1, key), try part(2, value))
  }

  /// The same attention with weights in 8 bits, see ``Linear/quantized()``.
  func quantized() throws(TorchError) -> Attention {
    var result = self
    result.query = try query.quantized()
    result.key = try key.quantized()
    result.value = try value.quantized()
    result.output = try output.quantized()
    result.joined = nil
    let parts = [result.query, result.key, result.value].compactMap(\.int8)
    guard let joined = try Int8Weight.joined(parts), joined.outputs == 3 * parts[0].outputs else {
      return result
    }
    // One memory for both: each map by itself is a part of the joined one.
    let width = parts[0].outputs
    result.query = try query.quantized(as: joined.narrowed(to: 0..<width))
    result.key = try key.quantized(as: joined.narrowed(to: width..<2 * width))
    result.value = try value.quantized(as: joined.narrowed(to: 2 * width..<3 * width))
    result.joinedInt8 = joined
    return result
  }

  /// The same attention with packed weights, see ``Linear/packed()``.
  ///
  /// - Parameters:
  ///   - forSteps: whether to join query, key and value, as ``step(_:_:_:adding:)`` wants them.
  ///   - forMemory: whether to join key and value, as ``memory(_:)`` wants them.
  func packed(
    forSteps: Bool = false, forMemory: Bool = false
  ) throws(TorchError) -> Attention {
    var result = self
    result.output = try output.packed(forSteps: forSteps || forMemory)
    if forSteps {
      result.joined = try .packed(joining: [query, key, value])
    } else if forMemory {
      result.query = try query.packed(forSteps: true)
      result.joined = try .packed(joining: [key, value])
    } else {
      result.query = try query.packed()
      result.key = try key.packed()
      result.value = try value.packed()
    }
    return result
  }

  /// Lets `body` change each linear map.
  mutating func forEachLinear(_ body: (inout Linear) throws -> Void) rethrows {
    try body(&query)
    try body(&key)
    try body(&value)
    try body(&output)
    // What is joined is one product, in which no part can be changed.
    if [query, key, value].contains(where: { !$0.modules.isEmpty }) { joined = nil }
  }

  /// Attention by the engine's own kernels, which have gradients: a call for each shape of row.
  private func grouped(
    _ queries: Tensor, _ keys: Tensor, _ values: Tensor, _ rows: AttentionRows, _ dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let width = queries.shape[1]
    var contexts: [Tensor] = []
    for group in rows.groups(cutBy: prefixes) {
      let seen = prefixes.filter { $0.tokens?.contains(group.start) ?? true }
      var bias = try rows.bias?.narrowed(1, start: 0, length: group.length)
        .narrowed(2, start: 0, length: group.keyLength).expanded(0)  // [1, heads, queries, keys]
      if bias == nil, rows.isCausal, !seen.isEmpty {
        bias = try AttentionPrefix.causalBias(seen, group)
      }
      func part(_ tensor: Tensor, _ prefixes: [Tensor]) throws(TorchError) -> Tensor {
        let own = try heads(
          tensor, group.keyStart, group.rowCount, group.keyStride, group.keyLength)
        return prefixes.isEmpty
          ? own : try AttentionPrefix.joined(prefixes, own, headCount: headCount)
      }
      let context = try heads(queries, group.start, group.rowCount, group.length).attention(
        keys: part(keys, seen.map(\.keys)), values: part(values, seen.map(\.values)), bias: bias,
        isCausal: rows.isCausal && bias == nil, dropout: dropout.attention,
        scale: scale)  // [rows, heads, length, width]
      contexts.append(
        try context.transposed(1, 2).reshaped([group.rowCount * group.length, width]))
    }
    return contexts.count == 1 ? contexts[0] : try Tensor.concatenated(contexts)
  }

  /// A group's part of `[tokens, heads * width]` as `[rows, heads, length, width]`, a view.
  private func heads(
    _ tensor: Tensor, _ start: Int, _ rowCount: Int, _ length: Int, _ kept: Int? = nil
  ) throws(TorchError) -> Tensor {
    let rows = try tensor.narrowed(0, start: start, length: rowCount * length)
      .reshaped([rowCount, length, headCount, -1])
      .transposed(1, 2)
    guard let kept, kept < length else { return rows }
    return try rows.narrowed(2, start: 0, length: kept)
  }
}

extension Attention {
  /// Keys and values of the encoder's states, `[tokens, 2 × heads × width]`, computed once for all steps.
  func memory(_ states: Tensor) throws(TorchError) -> Tensor {
    if let joined { return try joined(states) }
    return try .concatenated([key(states), value(states)], 1)
  }

  /// One new token of each row beside those before it, plus `residual`, `[rows, hidden]`.
  func step(
    _ states: Tensor, _ cache: LayerCache, _ step: DecoderStep, adding residual: Tensor
  ) throws(TorchError) -> Tensor {
    let all =
      if let joined { try joined(states) } else {
        try Tensor.concatenated([query(states), key(states), value(states)], 1)
      }  // [rows, 3 * heads * width]
    let width = all.shape[1] / 3
    try cache.write(all.narrowed(1, start: width, length: 2 * width), step)
    let contexts = try all.narrowed(1, start: 0, length: width).stepAttention(
      keys: cache.keys, values: cache.values, runs: step.past, headCount: headCount, scale: scale,
      bias: step.bias)
    return try output(contexts, adding: residual, dropout: 0)
  }

  /// One new token of each row beside the encoder's keys and values, see ``memory(_:)``.
  func step(
    _ states: Tensor, memory: MemoryCache, _ step: DecoderStep, adding residual: Tensor
  ) throws(TorchError) -> Tensor {
    let contexts = try query(states).stepAttention(
      keys: memory.keys, values: memory.values, runs: step.sources, headCount: headCount,
      scale: scale)
    return try output(contexts, adding: residual, dropout: 0)
  }
}
