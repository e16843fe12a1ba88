// SPDX-License-Identifier: Apache-2.0

import Torch

/// One block of a transformer: attention, in decoders attention to the encoder's states, and a two-layer network.
///
/// Each sublayer is added to its input. Families differ in where the sum is normalised and how, see
/// ``BlockConfiguration``, not in what is computed.
///
/// # Shapes
/// Input and output `[tokens, hidden]`; in a decoder's step `[rows, hidden]`.
struct Block {
  /// Attention of a row's tokens to each other.
  private(set) var selfAttention: Attention
  let selfAttentionNorm: Norm
  /// Attention to the encoder's states.
  private(set) var crossAttention: Attention?
  let crossAttentionNorm: Norm?
  private(set) var feedForward: FeedForward
  let feedForwardNorm: Norm
  /// Bottlenecks after the sublayers.
  var selfAttentionAdapter: SublayerAdapter?
  var crossAttentionAdapter: SublayerAdapter?
  var feedForwardAdapter: SublayerAdapter?
  private let placement: BlockConfiguration.NormPlacement

  init(_ scope: ParameterScope, _ configuration: BlockConfiguration, _ names: BlockNames) throws {
    func norm(_ name: String) throws -> Norm {
      try Norm(
        scope[name], width: configuration.hiddenSize, epsilon: configuration.normEpsilon,
        kind: configuration.norm)
    }
    placement = configuration.normPlacement
    selfAttention = try Attention(scope, configuration, names.selfAttention)
    selfAttentionNorm = try norm(names.selfAttention.norm)
    crossAttention = try names.crossAttention.map { try Attention(scope, configuration, $0) }
    crossAttentionNorm = try names.crossAttention.map { try norm($0.norm) }
    feedForward = try FeedForward(scope, configuration, names)
    feedForwardNorm = try norm(names.feedForwardNorm)
  }

  /// The block on packed rows.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hidden]`.
  ///   - rows: how the tokens' rows see each other.
  ///   - memory: the encoder's states and how rows see them, for blocks of decoders.
  ///   - dropout: probabilities of dropping elements.
  func callAsFunction(
    _ input: Tensor, _ rows: AttentionRows, memory: (states: Tensor, rows: AttentionRows)? = nil,
    dropout: Dropout
  ) throws(TorchError) -> Tensor {
    var states = try sublayer(input, selfAttentionNorm, selfAttentionAdapter) {
      (normed, residual) throws(TorchError) in
      try selfAttention(normed, rows, adding: residual, dropout: dropout)
    }
    if let memory, let crossAttention, let crossAttentionNorm {
      states = try sublayer(states, crossAttentionNorm, crossAttentionAdapter) {
        (normed, residual) throws(TorchError) in
        try crossAttention(
          normed, to: memory.states, memory.rows, adding: residual, dropout: dropout)
      }
    }
    return try sublayer(states, feedForwardNorm, feedForwardAdapter) {
      (normed, residual) throws(TorchError) in
      try feedForward(normed, adding: residual, dropout: dropout)
    }
  }

  /// The block on one new token of each row, which sees the tokens before it in `cache`.
  ///
  /// `input` is `[rows, hidden]`; the block's keys and values of the new tokens are written to the cache.
  func step(
    _ input: Tensor, _ cache: LayerCache, _ step: DecoderStep
  ) throws(TorchError) -> Tensor {
    var states = try sublayer(input, selfAttentionNorm, selfAttentionAdapter) {
      (normed, residual) throws(TorchError) in
      try selfAttention.step(normed, cache, step, adding: residual)
    }
    if let crossAttention, let crossAttentionNorm {
      states = try sublayer(states, crossAttentionNorm, crossAttentionAdapter) {
        (normed, residual) throws(TorchError) in
        try crossAttention.step(normed, memory: cache.memory, step, adding: residual)
      }
    }
    return try sublayer(states, feedForwardNorm, feedForwardAdapter) {
      (normed, residual) throws(TorchError) in
      try feedForward(normed, adding: residual, dropout: .none)
    }
  }

  /// The same block with packed weights, see ``Linear/packed()``; `forSteps` packs what a decoder's steps use.
  func packed(forSteps: Bool = false) throws(TorchError) -> Block {
    var result = self
    result.selfAttention = try selfAttention.packed(forSteps: forSteps)
    result.crossAttention = try crossAttention?.packed(forMemory: forSteps)
    result.feedForward = try feedForward.packed(forSteps: forSteps)
    return result
  }

  /// The same block with weights in 8 bits, see ``Linear/quantized()``.
  func quantized() throws(TorchError) -> Block {
    var result = self
    result.selfAttention = try selfAttention.quantized()
    result.crossAttention = try crossAttention?.quantized()
    result.feedForward = try feedForward.quantized()
    return result
  }

  /// A sublayer and its normalisation; `body` gets its input and what to add its result to.
  private func sublayer(
    _ input: Tensor, _ norm: Norm, _ adapter: SublayerAdapter?,
    _ body: (_ normed: Tensor, _ residual: Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> Tensor {
    switch placement {
    case .before:
      let sum = try body(norm(input), input)
      return try adapter?(sum, input, nil) ?? sum
    case .after:
      let sum = try body(input, input)
      return try norm(adapter?(sum, input, norm) ?? sum)
    }
  }

  /// Puts keys and values in front of those that attention sees.
  mutating func setPrefixes(_ prefixes: [AttentionPrefix]) { selfAttention.prefixes = prefixes }

  /// How many keys stand in front, and of which tokens' rows.
  var prefixLengths: [(tokens: Range<Int>?, length: Int)] {
    selfAttention.prefixes.map { ($0.tokens, $0.keys.shape[0]) }
  }

  /// Lets `body` change each linear map.
  mutating func forEachLinear(_ body: (inout Linear) throws -> Void) rethrows {
    try selfAttention.forEachLinear(body)
    try crossAttention?.forEachLinear(body)
    try feedForward.forEachLinear(body)
  }
}
