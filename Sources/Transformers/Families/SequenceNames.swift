// SPDX-License-Identifier: Apache-2.0

/// What a family of encoder-decoders calls its parameters in Hugging Face's checkpoints.
struct SequenceNames: Sendable {
  /// One of the two stacks.
  struct Stack: Sendable {
    /// Path of the blocks, which are numbered below it.
    var blocks: String
    /// The parts of a block.
    var block: BlockNames
    /// The normalisation after the last block; nil where there is none.
    var finalNorm: String?
    /// The table of words, where the stack has one of its own.
    var words: String
    /// Relative positions, which the first block holds for all.
    var relativePositions: String
  }

  /// The table of words that both stacks share.
  var sharedWords: String
  var encoder: Stack
  var decoder: Stack
  /// The map from states to logits, where it is not tied.
  var head = "lm_head"
  /// What is added to logits; nil where there is none.
  var logitsBias: String?

  static func names(_ family: SequenceConfiguration.Family) -> SequenceNames {
    switch family {
    case .t5, .mt5:
      SequenceNames(
        sharedWords: "shared.weight", encoder: t5("encoder", isDecoder: false),
        decoder: t5("decoder", isDecoder: true))
    case .marian:
      SequenceNames(
        sharedWords: "model.shared.weight", encoder: bart("model.encoder", isDecoder: false),
        decoder: bart("model.decoder", isDecoder: true), logitsBias: "final_logits_bias")
    case .m2m100:
      SequenceNames(
        sharedWords: "model.shared.weight",
        encoder: bart("model.encoder", isDecoder: false, finalNorm: "model.encoder.layer_norm"),
        decoder: bart("model.decoder", isDecoder: true, finalNorm: "model.decoder.layer_norm"))
    }
  }

  private static func t5(_ path: String, isDecoder: Bool) -> Stack {
    func attention(_ index: Int, _ name: String) -> BlockNames.Attention {
      let base = "layer.\(index).\(name)"
      return .init(
        query: "\(base).q", key: "\(base).k", value: "\(base).v", output: "\(base).o",
        norm: "layer.\(index).layer_norm")
    }
    let last = isDecoder ? 2 : 1
    let network = "layer.\(last).DenseReluDense"
    return Stack(
      blocks: "\(path).block",
      block: BlockNames(
        selfAttention: attention(0, "SelfAttention"),
        crossAttention: isDecoder ? attention(1, "EncDecAttention") : nil,
        // A gated network's maps are called wi_0 and wi_1, a plain one's wi; see `gated`.
        expand: "\(network).wi", gate: "\(network).wi_1", contract: "\(network).wo",
        feedForwardNorm: "layer.\(last).layer_norm"),
      finalNorm: "\(path).final_layer_norm", words: "\(path).embed_tokens.weight",
      relativePositions: "\(path).block.0.layer.0.SelfAttention.relative_attention_bias")
  }

  private static func bart(
    _ path: String, isDecoder: Bool, finalNorm: String? = nil
  ) -> Stack {
    func attention(_ name: String) -> BlockNames.Attention {
      .init(
        query: "\(name).q_proj", key: "\(name).k_proj", value: "\(name).v_proj",
        output: "\(name).out_proj", norm: "\(name)_layer_norm")
    }
    return Stack(
      blocks: "\(path).layers",
      block: BlockNames(
        selfAttention: attention("self_attn"),
        crossAttention: isDecoder ? attention("encoder_attn") : nil,
        expand: "fc1", gate: "", contract: "fc2", feedForwardNorm: "final_layer_norm"),
      finalNorm: finalNorm, words: "\(path).embed_tokens.weight", relativePositions: "")
  }

  /// The names of a model whose feed-forward networks are gated.
  func gated() -> SequenceNames {
    var result = self
    result.encoder.block.expand += "_0"
    result.decoder.block.expand += "_0"
    return result
  }
}
