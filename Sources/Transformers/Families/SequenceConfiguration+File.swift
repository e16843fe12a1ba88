// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

extension SequenceConfiguration {
  /// The configuration in a `config.json`; architectures that Koine does not have are refused by name.
  public init(contentsOf url: URL) throws {
    let file = try ConfigurationFile(contentsOf: url)
    struct Kind: Decodable { var model_type: String }
    let type = try file.decoded(as: Kind.self).model_type
    guard let family = Family(rawValue: type) else {
      throw ModelFamilies.refusal(
        type, expecting: "an encoder-decoder", ModelFamilies.sequences, at: url.path)
    }
    switch family {
    case .t5, .mt5: try self.init(family, file.decoded(as: T5Fields.self), at: url.path)
    case .marian, .m2m100: try self.init(family, file.decoded(as: BartFields.self), at: url.path)
    }
    try check(at: url.path)
  }

  private init(_ family: Family, _ fields: T5Fields, at path: String) throws {
    let projection = fields.feed_forward_proj ?? "relu"
    let parts = projection.split(separator: "-", maxSplits: 1).map(String.init)
    // "gated-gelu" has always meant the approximate gelu.
    let name = projection == "gated-gelu" ? "gelu_new" : parts.last ?? ""
    guard parts.count == 1 || parts.first == "gated",
      let activation = Tensor.Activation(configurationName: name)
    else {
      throw TransformerError(
        .configuration,
        "feed_forward_proj '\(projection)' is not gated- or plain \(ModelFamilies.activations)",
        at: path)
    }
    let rate = fields.dropout_rate ?? 0.1
    let stack = Stack(
      layerCount: fields.num_layers, headCount: fields.num_heads, headWidth: fields.d_kv,
      innerSize: fields.d_ff)
    self.family = family
    vocabularySize = fields.vocab_size
    targetVocabularySize = fields.vocab_size
    hiddenSize = fields.d_model
    encoder = stack
    decoder = stack
    decoder.layerCount = fields.num_decoder_layers ?? fields.num_layers
    self.activation = activation
    isGated = parts.count == 2
    normEpsilon = fields.layer_norm_epsilon ?? 1e-6
    positions = .relative(
      buckets: fields.relative_attention_num_buckets ?? 32,
      maximumDistance: fields.relative_attention_max_distance ?? 128)
    maximumLength = nil
    embeddingScale = 1
    sharesWords = true
    tiesHead = fields.tie_word_embeddings ?? (family == .t5)
    // Since version 5 transformers says that all are tied, and in another field which were not.
    let scales = tiesHead && fields.scale_decoder_outputs != false
    headScale = scales ? 1 / Double(max(fields.d_model, 1)).squareRoot() : 1
    paddingID = fields.pad_token_id ?? 0
    startID = fields.decoder_start_token_id ?? fields.pad_token_id ?? 0
    dropout = Dropout(hidden: rate, attention: rate, activation: rate)
  }

  private init(_ family: Family, _ fields: BartFields, at path: String) throws {
    let name = fields.activation_function ?? (family == .marian ? "gelu" : "relu")
    guard let activation = Tensor.Activation(configurationName: name) else {
      throw TransformerError(
        .configuration,
        "activation_function '\(name)' is not one of \(ModelFamilies.activations)", at: path)
    }
    for (field, heads) in [
      ("encoder_attention_heads", fields.encoder_attention_heads),
      ("decoder_attention_heads", fields.decoder_attention_heads),
    ] where heads <= 0 || fields.d_model % heads != 0 {
      throw TransformerError(
        .configuration, "\(heads) \(field) do not divide d_model \(fields.d_model)", at: path)
    }
    self.family = family
    vocabularySize = fields.vocab_size
    targetVocabularySize = fields.decoder_vocab_size ?? fields.vocab_size
    hiddenSize = fields.d_model
    encoder = Stack(
      layerCount: fields.encoder_layers, headCount: fields.encoder_attention_heads,
      headWidth: fields.d_model / fields.encoder_attention_heads, innerSize: fields.encoder_ffn_dim)
    decoder = Stack(
      layerCount: fields.decoder_layers, headCount: fields.decoder_attention_heads,
      headWidth: fields.d_model / fields.decoder_attention_heads, innerSize: fields.decoder_ffn_dim)
    self.activation = activation
    isGated = false
    normEpsilon = 1e-5
    positions = family == .marian ? .sinusoidal : .fairseqSinusoidal
    maximumLength = fields.max_position_embeddings ?? 1024
    let scales = fields.scale_embedding ?? (family == .m2m100)
    embeddingScale = scales ? Double(fields.d_model).squareRoot() : 1
    sharesWords = family == .m2m100 || fields.share_encoder_decoder_embeddings ?? true
    tiesHead = fields.tie_word_embeddings ?? true
    headScale = 1
    let padding = fields.pad_token_id ?? (family == .marian ? 58100 : 1)
    paddingID = padding
    startID = fields.decoder_start_token_id ?? (family == .marian ? padding : 2)
    dropout = Dropout(
      hidden: fields.dropout ?? 0.1, attention: fields.attention_dropout ?? 0,
      activation: fields.activation_dropout ?? 0)
  }

  private func check(at path: String) throws {
    func refuse(_ message: String) -> TransformerError {
      TransformerError(.configuration, message, at: path)
    }
    for (name, value) in [
      ("the vocabulary", vocabularySize), ("the decoder's vocabulary", targetVocabularySize),
      ("d_model", hiddenSize), ("the number of encoder layers", encoder.layerCount),
      ("the number of decoder layers", decoder.layerCount),
      ("the number of heads", encoder.headCount), ("the width of a head", encoder.headWidth),
      ("the feed-forward width", encoder.innerSize), ("the feed-forward width", decoder.innerSize),
      ("max_position_embeddings", maximumLength ?? 1),
    ] where value <= 0 {
      throw refuse("\(name) must be positive, found \(value)")
    }
    if case .relative(let buckets, let distance) = positions {
      guard buckets >= 4, buckets % 2 == 0, distance > buckets / 2 else {
        throw refuse(
          "relative positions in \(buckets) buckets up to distance \(distance); expected an even "
            + "number of 4 or more and a distance above its half")
      }
    }
    if sharesWords, vocabularySize != targetVocabularySize {
      throw refuse(
        "one table of words for vocabularies of \(vocabularySize) and \(targetVocabularySize)")
    }
    for (name, id) in [("pad_token_id", paddingID), ("decoder_start_token_id", startID)]
    where !(0..<targetVocabularySize).contains(id) {
      throw refuse("\(name) \(id) is outside the vocabulary of \(targetVocabularySize)")
    }
  }

  private struct T5Fields: Decodable {
    var vocab_size: Int
    var d_model: Int
    var d_kv: Int
    var d_ff: Int
    var num_layers: Int
    var num_heads: Int
    var num_decoder_layers: Int?
    var relative_attention_num_buckets: Int?
    var relative_attention_max_distance: Int?
    var dropout_rate: Double?
    var layer_norm_epsilon: Double?
    var feed_forward_proj: String?
    var tie_word_embeddings: Bool?
    var scale_decoder_outputs: Bool?
    var pad_token_id: Int?
    var decoder_start_token_id: Int?
  }

  private struct BartFields: Decodable {
    var vocab_size: Int
    var decoder_vocab_size: Int?
    var d_model: Int
    var encoder_layers: Int
    var decoder_layers: Int
    var encoder_attention_heads: Int
    var decoder_attention_heads: Int
    var encoder_ffn_dim: Int
    var decoder_ffn_dim: Int
    var activation_function: String?
    var max_position_embeddings: Int?
    var scale_embedding: Bool?
    var share_encoder_decoder_embeddings: Bool?
    var tie_word_embeddings: Bool?
    var dropout: Double?
    var attention_dropout: Double?
    var activation_dropout: Double?
    var pad_token_id: Int?
    var decoder_start_token_id: Int?
  }
}
