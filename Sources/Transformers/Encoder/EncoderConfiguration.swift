// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// The shape of a BERT-style encoder, as `config.json` states it.
public struct EncoderConfiguration: Sendable, Equatable {
  /// Families that share this encoder and differ in their positions and names.
  public enum Family: String, Sendable, CaseIterable {
    /// BERT and mBERT: positions count from 0 (Devlin and others, 2019).
    case bert
    /// XLM-R: positions count from the padding id + 1 (Conneau and others, 2020).
    case xlmRoberta = "xlm-roberta"
    /// RoBERTa, the same encoder as XLM-R.
    case roberta

    /// The name that task models put before the encoder's parameters.
    public var prefix: String { self == .bert ? "bert" : "roberta" }
  }

  /// The family.
  public var family: Family
  /// Rows of the word embedding table.
  public var vocabularySize: Int
  /// Width of the states; the default of BERT is 768.
  public var hiddenSize: Int
  /// Layers.
  public var layerCount: Int
  /// Attention heads; they divide ``hiddenSize``.
  public var headCount: Int
  /// Width inside the feed-forward network.
  public var intermediateSize: Int
  /// The feed-forward network's activation.
  public var activation: Tensor.Activation
  /// Added to variances before their root is taken.
  public var layerNormEpsilon: Double
  /// Rows of the position table.
  public var positionCount: Int
  /// Rows of the type table.
  public var typeCount: Int
  /// The id of the padding piece.
  public var paddingID: Int
  /// Dropout in training, as published.
  public var dropout: Dropout
  /// Standard deviation of initial embeddings.
  public var initializerRange: Double
  /// Names of the classes of a task model, by index; empty without a head.
  public var labels: [String]

  /// What positions start from.
  public var positionOffset: Int { family == .bert ? 0 : paddingID + 1 }

  /// The most tokens of one row, special ones included.
  public var maximumLength: Int { positionCount - positionOffset }

  /// The configuration in a `config.json`; architectures that Koine does not have are refused by name.
  public init(contentsOf url: URL) throws {
    let file = try ConfigurationFile(contentsOf: url)
    struct Kind: Decodable { var model_type: String }
    let type = try file.decoded(as: Kind.self).model_type
    guard let family = Family(rawValue: type) else {
      throw ModelFamilies.refusal(
        type, expecting: "an encoder", ModelFamilies.encoders, at: url.path)
    }
    let fields = try file.decoded(as: Fields.self)
    try self.init(family, fields, at: url.path)
  }

  private init(_ family: Family, _ fields: Fields, at path: String) throws {
    func refuse(_ message: String) -> TransformerError {
      TransformerError(.configuration, message, at: path)
    }
    guard let activation = Tensor.Activation(configurationName: fields.hidden_act ?? "gelu") else {
      throw refuse(
        "hidden_act '\(fields.hidden_act ?? "")' is not one of \(ModelFamilies.activations)")
    }
    if let kind = fields.position_embedding_type, kind != "absolute" {
      throw refuse("position_embedding_type '\(kind)' is not supported; 'absolute' is")
    }
    if fields.is_decoder == true || fields.add_cross_attention == true {
      throw refuse("the model is a decoder; Koine expects an encoder here")
    }
    self.family = family
    self.activation = activation
    vocabularySize = fields.vocab_size
    hiddenSize = fields.hidden_size
    layerCount = fields.num_hidden_layers
    headCount = fields.num_attention_heads
    intermediateSize = fields.intermediate_size
    layerNormEpsilon = fields.layer_norm_eps ?? 1e-12
    positionCount = fields.max_position_embeddings
    typeCount = fields.type_vocab_size ?? (family == .bert ? 2 : 1)
    paddingID = fields.pad_token_id ?? (family == .bert ? 0 : 1)
    dropout = Dropout(
      hidden: fields.hidden_dropout_prob ?? 0.1,
      attention: fields.attention_probs_dropout_prob ?? 0.1)
    initializerRange = fields.initializer_range ?? 0.02
    labels = Self.labels(fields)
    try validate(at: path)
  }

  private static func labels(_ fields: Fields) -> [String] {
    guard let names = fields.id2label else { return [] }
    return (0..<names.count).map { names[String($0)] ?? "LABEL_\($0)" }
  }

  /// What a row of tokens must be like, and where its positions count from.
  var rowRules: RowRules {
    RowRules(
      vocabularySize: vocabularySize, maximumLength: maximumLength, positionOffset: positionOffset)
  }

  /// What the layers are like: post-norm, with biases.
  var block: BlockConfiguration {
    BlockConfiguration(
      hiddenSize: hiddenSize, headCount: headCount, headWidth: hiddenSize / headCount,
      innerSize: intermediateSize, activation: activation, normPlacement: .after,
      normEpsilon: layerNormEpsilon)
  }

  /// What BERT and its kin call the parts of a layer.
  static let blockNames = BlockNames(
    selfAttention: .init(
      query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
      output: "attention.output.dense", norm: "attention.output.LayerNorm"),
    expand: "intermediate.dense", gate: "", contract: "output.dense",
    feedForwardNorm: "output.LayerNorm")

  private struct Fields: Decodable {
    var vocab_size: Int
    var hidden_size: Int
    var num_hidden_layers: Int
    var num_attention_heads: Int
    var intermediate_size: Int
    var max_position_embeddings: Int
    var hidden_act: String?
    var layer_norm_eps: Double?
    var type_vocab_size: Int?
    var pad_token_id: Int?
    var hidden_dropout_prob: Double?
    var attention_probs_dropout_prob: Double?
    var initializer_range: Double?
    var position_embedding_type: String?
    var is_decoder: Bool?
    var add_cross_attention: Bool?
    var id2label: [String: String]?
  }
}
