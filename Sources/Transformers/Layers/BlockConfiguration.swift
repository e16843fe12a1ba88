// SPDX-License-Identifier: Apache-2.0

import Torch

/// What the blocks of one stack are like; families differ in these choices and in names.
struct BlockConfiguration: Sendable, Equatable {
  /// Where the normalisation of a sublayer stands.
  enum NormPlacement: Sendable {
    /// On what goes into the sublayer (pre-norm: T5, M2M100).
    case before
    /// On the sum of the sublayer and its input (post-norm: BERT, MarianMT).
    case after
  }

  /// Width of the states.
  var hiddenSize: Int
  /// Attention heads.
  var headCount: Int
  /// Width of a head; all together need not be as wide as the states.
  var headWidth: Int
  /// Width inside the feed-forward network.
  var innerSize: Int
  /// The feed-forward network's activation.
  var activation: Tensor.Activation
  /// Whether a second map multiplies the activation's result (Shazeer, 2020).
  var isGated = false
  /// The kind of normalisation.
  var norm = Norm.Kind.layer
  /// Where it stands.
  var normPlacement: NormPlacement
  /// Added to variances before their root is taken.
  var normEpsilon: Double
  /// Whether linear maps have biases.
  var hasBiases = true
  /// Whether scores are divided by the root of the head's width.
  var scalesScores = true
}

/// What a family calls the parts of a block, as paths below the block.
struct BlockNames: Sendable {
  /// The four maps of an attention and the normalisation that goes with it.
  struct Attention: Sendable {
    var query, key, value, output, norm: String
  }

  /// Attention of a row's tokens to each other.
  var selfAttention: Attention
  /// Attention to the encoder's states, in blocks of decoders.
  var crossAttention: Attention?
  /// The feed-forward network's first map, the one that gates it, and its last.
  var expand, gate, contract: String
  /// The feed-forward network's normalisation.
  var feedForwardNorm: String
}
