// SPDX-License-Identifier: Apache-2.0

import Torch

/// The architectures that Koine has, by the `model_type` of `config.json`.
public enum ModelFamilies {
  /// Encoders: BERT and its kin.
  public static let encoders = EncoderConfiguration.Family.allCases.map(\.rawValue)
  /// Encoder-decoders: T5, mT5, MarianMT, M2M100 and NLLB.
  public static let sequences = SequenceConfiguration.Family.allCases.map(\.rawValue)

  static let activations = "gelu, gelu_new, relu, silu, swish, tanh"

  /// What to say of a `model_type` that is not among the expected ones.
  static func refusal(
    _ type: String, expecting kind: String, _ expected: [String], at path: String
  ) -> TransformerError {
    let known = encoders + sequences
    let message =
      known.contains(type)
      ? "model_type '\(type)' is not \(kind); expected one of \(expected.joined(separator: ", "))"
      : "model_type '\(type)' is not one that Koine has: \(known.joined(separator: ", "))"
    return TransformerError(.configuration, message, at: path)
  }
}
