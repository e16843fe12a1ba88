// SPDX-License-Identifier: Apache-2.0

/// Keys and values that every token of every layer attends to beside its row's own (prefix tuning; Li and Liang, 2021), as PEFT's
/// `adapter_config.json` says it.
///
/// The one parameter is `prompt_embeddings`, `[length, layers × 2 × hidden]`: for each virtual token the keys and values of all layers,
/// each with its heads one after another. Positions of a row's own tokens begin behind it, where positions are learnt.
public struct PrefixConfiguration: Sendable, Equatable {
  /// Virtual tokens.
  public var length: Int
  /// The body's layers and heads, which PEFT's directories say again; 0 until they are known.
  var layerCount = 0
  var headCount = 0

  /// A prefix of a length; 20 where none is given, as in PEFT.
  public init(length: Int = 20) { self.length = length }

  init(_ fields: JSONFields) throws {
    length = try fields.integers("num_virtual_tokens")?.first ?? 0
    layerCount = try fields.integers("num_layers")?.first ?? 0
    headCount = try fields.integers("num_attention_heads")?.first ?? 0
    guard length > 0 else {
      throw TransformerError(
        .configuration, "'num_virtual_tokens' is \(length); expected at least 1", at: fields.path)
    }
    if try fields.integers("num_transformer_submodules")?.first ?? 1 != 1 {
      throw TransformerError(
        .configuration, "has prefixes for two stacks; Koine gives prefixes to encoders",
        at: fields.path)
    }
  }
}
