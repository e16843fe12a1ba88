// SPDX-License-Identifier: Apache-2.0

import Foundation

extension EncoderConfiguration {
  /// The configuration of an encoder that is to be made, with all else as its family was published.
  ///
  /// Dropout is 0.1 and embeddings begin with a standard deviation of 0.02, as in BERT (Devlin and others, 2019).
  ///
  /// - Parameters:
  ///   - family: the family, which decides how positions count, how many token types there are, and names.
  ///   - shape: width and depth.
  ///   - vocabularySize: rows of the table of words.
  ///   - paddingID: the padding piece, whose row stays zero.
  ///   - maximumLength: the most tokens of a row, special ones included; 512 by default.
  /// - Throws: `TransformerError` for sizes that cannot be.
  public init(
    _ family: Family, _ shape: EncoderShape, vocabularySize: Int, paddingID: Int,
    maximumLength: Int = 512
  ) throws(TransformerError) {
    let isBERT = family == .bert
    self.family = family
    self.vocabularySize = vocabularySize
    self.paddingID = paddingID
    (hiddenSize, layerCount) = (shape.hiddenSize, shape.layerCount)
    (headCount, intermediateSize) = (shape.headCount, shape.intermediateSize)
    activation = .gelu
    layerNormEpsilon = isBERT ? 1e-12 : 1e-5
    positionCount = maximumLength + (isBERT ? 0 : paddingID + 1)
    typeCount = isBERT ? 2 : 1
    dropout = Dropout(hidden: 0.1, attention: 0.1)
    initializerRange = 0.02
    labels = []
    try validate(at: nil)
    guard (0..<vocabularySize).contains(paddingID) else {
      throw TransformerError(
        .configuration,
        "pad_token_id must be one of the \(vocabularySize) pieces, found \(paddingID)")
    }
  }

  /// Refuses sizes that no encoder can have.
  func validate(at path: String?) throws(TransformerError) {
    for (name, value) in [
      ("vocab_size", vocabularySize), ("hidden_size", hiddenSize),
      ("num_hidden_layers", layerCount), ("num_attention_heads", headCount),
      ("intermediate_size", intermediateSize), ("type_vocab_size", typeCount),
      ("max_position_embeddings minus its offset", maximumLength),
    ] where value <= 0 {
      throw TransformerError(.configuration, "\(name) must be positive, found \(value)", at: path)
    }
    guard hiddenSize % headCount == 0 else {
      throw TransformerError(
        .configuration, "\(headCount) attention heads do not divide hidden_size \(hiddenSize)",
        at: path)
    }
  }

  /// The configuration as a `config.json`.
  ///
  /// - Parameters:
  ///   - architecture: the class that transformers opens the directory with, "BertForMaskedLM".
  ///   - beginID: the piece that stands in front of a row.
  ///   - endID: the piece that stands behind a row.
  public func encoded(architecture: String, beginID: Int32, endID: Int32) throws -> Data {
    let fields: [String: Any] = [
      "architectures": [architecture], "model_type": family.rawValue,
      "vocab_size": vocabularySize, "hidden_size": hiddenSize, "num_hidden_layers": layerCount,
      "num_attention_heads": headCount, "intermediate_size": intermediateSize,
      "hidden_act": activation.rawValue, "layer_norm_eps": layerNormEpsilon,
      "max_position_embeddings": positionCount, "type_vocab_size": typeCount,
      "pad_token_id": paddingID, "bos_token_id": Int(beginID), "eos_token_id": Int(endID),
      "hidden_dropout_prob": dropout.hidden, "attention_probs_dropout_prob": dropout.attention,
      "initializer_range": initializerRange,
    ]
    return try JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }
}

extension EncoderConfiguration.Family {
  /// What transformers calls a class of the family: `architecture("ForMaskedLM")` is "BertForMaskedLM".
  public func architecture(_ ending: String) -> String {
    switch self {
    case .bert: "Bert\(ending)"
    case .xlmRoberta: "XLMRoberta\(ending)"
    case .roberta: "Roberta\(ending)"
    }
  }
}
