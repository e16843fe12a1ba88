// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// What a checkpoint holds beyond what the model asked for.
struct CheckpointAudit {
  /// Tensors that the model has no use for and that do not belong to it: another task's head.
  private(set) var unused: [String] = []

  /// Looks at a store from which a model was built.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - body: paths of parts that are wholly the model's: a tensor there that it did not ask for is an error.
  ///   - description: what the configuration says of the body's size, for the error's sentence.
  init(_ store: ParameterStore, body: [String], description: String) throws {
    for file in store.files {
      for name in file.names where !store.readNames.contains(name) {
        if Self.isIgnored(name) { continue }
        if body.contains(where: { name.hasPrefix($0 + ".") }) {
          throw TransformerError(
            .checkpoint,
            "tensor '\(name)' belongs to no part of the model: config.json says \(description)",
            at: file.url.path)
        }
        unused.append(name)
      }
    }
    unused.sort()
  }

  /// Tables that are computed, other names of tied tables, and what old versions saved without use.
  private static func isIgnored(_ name: String) -> Bool {
    [
      "position_ids", "embed_positions.weight", "embed_positions.weights", "embed_tokens.weight",
      "embeddings.token_type_ids", "EncDecAttention.relative_attention_bias.weight",
    ].contains { name == $0 || name.hasSuffix("." + $0) }
  }
}
