// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// The shape of an encoder-decoder, as `config.json` states it: T5, mT5, MarianMT, M2M100 and NLLB.
///
/// Families are values of one configuration; what they call their parameters is in ``SequenceNames``.
public struct SequenceConfiguration: Sendable, Equatable {
  /// Families that differ in their defaults and names.
  public enum Family: String, Sendable, CaseIterable {
    /// T5 and its successors 1.1, LM-adapted and FLAN (Raffel and others, 2020).
    case t5
    /// mT5 (Xue and others, 2021).
    case mt5
    /// MarianMT, the OPUS-MT models (Tiedemann and Thottingal, 2020).
    case marian
    /// M2M100 and NLLB-200 (Fan and others, 2021; NLLB Team, 2022).
    case m2m100 = "m2m_100"
  }

  /// How a stack knows where a token stands.
  public enum Positions: Sendable, Equatable {
    /// Biases of attention by distance, so many buckets up to a distance; rows may be of any length.
    case relative(buckets: Int, maximumDistance: Int)
    /// MarianMT's table of sines and cosines.
    case sinusoidal
    /// M2M100's table, which starts after the padding's id.
    case fairseqSinusoidal
  }

  /// One of the two stacks.
  public struct Stack: Sendable, Equatable {
    /// Blocks.
    public var layerCount: Int
    /// Attention heads.
    public var headCount: Int
    /// Width of a head; all together need not be as wide as the states.
    public var headWidth: Int
    /// Width inside the feed-forward networks.
    public var innerSize: Int
  }

  /// The family.
  public var family: Family
  /// Rows of the encoder's table of words.
  public var vocabularySize: Int
  /// Rows of the decoder's table of words, and logits.
  public var targetVocabularySize: Int
  /// Width of the states.
  public var hiddenSize: Int
  /// The encoder's shape.
  public var encoder: Stack
  /// The decoder's shape.
  public var decoder: Stack
  /// The feed-forward networks' activation.
  public var activation: Tensor.Activation
  /// Whether a second map gates it.
  public var isGated: Bool
  /// Added to variances before their root is taken.
  public var normEpsilon: Double
  /// How tokens know where they stand.
  public var positions: Positions
  /// The most tokens of a row; nil where positions are relative.
  public var maximumLength: Int?
  /// What embeddings are multiplied with.
  public var embeddingScale: Double
  /// Whether encoder and decoder have one table of words.
  public var sharesWords: Bool
  /// Whether logits are products with the decoder's table of words.
  public var tiesHead: Bool
  /// What the decoder's states are multiplied with before that.
  public var headScale: Double
  /// The id of the padding piece.
  public var paddingID: Int
  /// What the decoder starts from.
  public var startID: Int
  /// Dropout in training, as published; whole layers that the family drops are not dropped here.
  public var dropout: Dropout

  /// Whether the parts are T5's: norms without means, before sublayers, no biases, scores as they are.
  public var isT5: Bool { family == .t5 || family == .mt5 }

  /// Whether sublayers are normalised before, with a last normalisation after the stack.
  var isPreNorm: Bool { family != .marian }

  func block(_ stack: Stack) -> BlockConfiguration {
    BlockConfiguration(
      hiddenSize: hiddenSize, headCount: stack.headCount, headWidth: stack.headWidth,
      innerSize: stack.innerSize, activation: activation, isGated: isGated,
      norm: isT5 ? .rootMeanSquare : .layer, normPlacement: isPreNorm ? .before : .after,
      normEpsilon: normEpsilon, hasBiases: !isT5, scalesScores: !isT5)
  }

  /// What rows of the encoder must be like, or of the decoder.
  func rowRules(isTarget: Bool) -> RowRules {
    let isFairseq = positions == .fairseqSinusoidal
    return RowRules(
      vocabularySize: isTarget ? targetVocabularySize : vocabularySize,
      maximumLength: maximumLength, positionOffset: isFairseq ? paddingID + 1 : 0,
      uncountedID: isFairseq ? Int32(paddingID) : nil)
  }
}
