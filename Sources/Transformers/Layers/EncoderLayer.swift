// SPDX-License-Identifier: Apache-2.0

import Torch

/// Probabilities of dropping an element, used in training only.
public struct Dropout: Sendable, Equatable {
  /// After embeddings and after each sublayer.
  public var hidden: Double
  /// On attention weights; above zero it rules out the engine's flash kernel, which is faster.
  public var attention: Double

  /// Probabilities for states and attention weights.
  public init(hidden: Double = 0, attention: Double = 0) {
    self.hidden = hidden
    self.attention = attention
  }

  /// No dropout: what inference uses.
  public static let none = Dropout()
}

/// Attention and a two-layer network, each added to its input and then normalised (post-LN, as in BERT).
///
/// # Shapes
/// Input and output `[tokens, hidden]`.
struct EncoderLayer {
  private(set) var attention: SelfAttention
  let attentionNorm: LayerNorm
  private(set) var expand: Linear
  private(set) var contract: Linear
  let outputNorm: LayerNorm
  private let activation: Tensor.Activation

  init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    let hidden = configuration.hiddenSize
    let inner = configuration.intermediateSize
    let epsilon = configuration.layerNormEpsilon
    attention = try SelfAttention(scope["attention"], configuration)
    attentionNorm = try LayerNorm(
      scope["attention", "output", "LayerNorm"], width: hidden, epsilon: epsilon)
    expand = try Linear(scope["intermediate", "dense"], inputs: hidden, outputs: inner)
    contract = try Linear(scope["output", "dense"], inputs: inner, outputs: hidden)
    outputNorm = try LayerNorm(scope["output", "LayerNorm"], width: hidden, epsilon: epsilon)
    activation = configuration.activation
  }

  func callAsFunction(
    _ input: Tensor, _ batch: PackedBatch, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    let attended = try attention(input, batch, adding: input, dropout: dropout)
    let middle = try attentionNorm(attended)  // [tokens, hidden]
    let inner = try expand(middle, activation: activation)  // [tokens, intermediate]
    return try outputNorm(contract(inner, adding: middle, dropout: dropout.hidden))
  }

  /// The same layer with packed weights, see ``Linear/packed()``.
  func packed() throws(TorchError) -> EncoderLayer {
    var result = self
    result.attention = try attention.packed()
    result.expand = try expand.packed()
    result.contract = try contract.packed()
    return result
  }
}
