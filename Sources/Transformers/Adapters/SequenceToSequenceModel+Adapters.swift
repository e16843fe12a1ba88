// SPDX-License-Identifier: Apache-2.0

import Torch

extension SequenceToSequenceModel {
  /// The same model with what adapters change in its linear maps; nothing is copied but references.
  ///
  /// - Parameters:
  ///   - composition: LoRA or (IA)³; they take the place of those that it had.
  ///   - isTraining: whether adapters' own dropout applies; false by default.
  /// - Throws: `TransformerError` for bottlenecks, which encoder-decoders do not take, and for an adapter that does not
  ///   fit the model's shape.
  public func adapted(
    by composition: AdapterComposition, isTraining: Bool = false
  ) throws -> SequenceToSequenceModel {
    for adapter in composition.adapters {
      switch adapter.kind {
      case .bottleneck, .prefix:
        throw TransformerError(
          .configuration,
          "'\(adapter.name)' has bottlenecks or a prefix, which encoder-decoders do not take; LoRA and (IA)³ do"
        )
      case .lora, .rescaling: break
      }
    }
    let fitting = AdapterFitting(composition: composition, isTraining: isTraining)
    var result = self
    try result.encoder.forEachLinear(fitting.fit)
    try result.decoder.forEachLinear(fitting.fit)
    return result
  }

  /// A fresh adapter for this model, LoRA or (IA)³, which changes nothing until it is trained.
  public func makeAdapter(_ kind: Adapter.Kind, name: String) throws -> Adapter {
    try Adapter(fresh: kind, name: name, for: linears)
  }

  /// Adds an adapter's changes to the weights in place; see ``Encoder/merge(_:)``.
  public func merge(_ adapter: Adapter) throws { try adapter.merge(into: linears) }

  private var linears: [Linear] {
    var found: [Linear] = []
    for var stack in [encoder, decoder] { stack.forEachLinear { found.append($0) } }
    return found
  }
}
