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
  /// What is added to the scores, one number per piece, `[vocabulary]`.
  public private(set) var bias: Tensor
  private let activation: Tensor.Activation

  /// Builds encoder and head from the root of a task checkpoint.
  public init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    try self.init(
      Encoder(scope[configuration.family.prefix], configuration, withPooler: false), head: scope)
  }

  /// Builds a head for an encoder that is there.
  ///
  /// - Parameters:
  ///   - encoder: the encoder, whose word embeddings the head shares.
  ///   - scope: the root of a task checkpoint, with the head's parameters or to draw them.
  public init(_ encoder: Encoder, head scope: ParameterScope) throws {
    let configuration = encoder.configuration
    let isBERT = configuration.family == .bert
    let hidden = configuration.hiddenSize
    self.encoder = encoder
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

  /// The same model with a word table and a bias of its own that hold only some pieces; see ``Encoder/restricted(to:)``.
  ///
  /// A piece's score is what it was; probabilities are among the pieces that are left.
  public func restricted(to pieces: PieceSubset) throws -> MaskedLanguageModel {
    var result = self
    result.encoder = try encoder.restricted(to: pieces)
    result.bias = try GradientMode.disabled { () throws(TorchError) in
      try bias.gathered(0, Tensor(pieces.ids))
    }
    return result
  }

  /// Copies the rows of a restricted model's table and bias back to where they came from.
  public func restore(from restricted: MaskedLanguageModel, _ pieces: PieceSubset) throws {
    try encoder.restoreWords(from: restricted.encoder, pieces)
    try GradientMode.disabled { () throws(TorchError) in
      try bias.copy(rows: restricted.bias.detached(), at: Tensor(pieces.ids.map(Int64.init)))
    }
  }
}
