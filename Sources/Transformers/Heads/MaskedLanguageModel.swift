// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder with the head that guesses masked pieces, as `*ForMaskedLM` (Devlin and others, 2019).
///
/// The last map shares its weights with the word embeddings.
public struct MaskedLanguageModel {
  /// The encoder.
  public var encoder: Encoder
  private let dense: Linear
  private let norm: Norm
  private let bias: Tensor
  private let activation: Tensor.Activation

  /// Builds encoder and head from the root of a task checkpoint.
  public init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    let isBERT = configuration.family == .bert
    let hidden = configuration.hiddenSize
    encoder = try Encoder(scope[configuration.family.prefix], configuration, withPooler: false)
    let head = isBERT ? scope["cls", "predictions"] : scope["lm_head"]
    let transform = isBERT ? head["transform"] : head
    dense = try Linear(transform["dense"], inputs: hidden, outputs: hidden)
    norm = try Norm(
      transform[isBERT ? "LayerNorm" : "layer_norm"], width: hidden,
      epsilon: configuration.layerNormEpsilon)
    bias = try head.parameter("bias", [configuration.vocabularySize], .constant(0))
    activation = isBERT ? configuration.activation : .gelu
  }

  /// Logits `[tokens, vocabulary]`; pass only the states of masked tokens where no others are needed.
  ///
  /// Invertible adapters are undone right before the last map, whose weights are those of the embeddings that they
  /// follow (MAD-X). Where rows use different ones, pass all states.
  public func logits(_ states: Tensor) throws(TorchError) -> Tensor {
    try encoder.invertible.inverse(norm(dense(states, activation: activation)))
      .linear(encoder.embeddings.words, bias)
  }
}
