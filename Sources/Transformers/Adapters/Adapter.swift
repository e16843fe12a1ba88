// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// A small set of parameters that changes what a body computes: LoRA, (IA)³, bottlenecks, a language's or a task's.
///
/// An adapter is made for a body or read from a directory of PEFT or AdapterHub. It changes nothing by itself:
/// ``Encoder/adapted(by:isTraining:)`` gives a body that uses it and shares its weights, at the cost of a few hundred
/// references.
public final class Adapter {
  /// What an adapter does.
  public enum Kind: Sendable, Equatable {
    /// Low-rank changes of linear maps.
    case lora(LoRAConfiguration)
    /// Scales of keys, values and the feed-forward network's inside ((IA)³; Liu and others, 2022): maps whose outputs
    /// are scaled, and those of them whose inputs are instead.
    case rescaling(LinearSelection, inputs: LinearSelection)
    /// Bottlenecks after sublayers.
    case bottleneck(BottleneckConfiguration)
    /// Keys and values in front of every row's own (prefix tuning).
    case prefix(PrefixConfiguration)
  }

  /// What it is called.
  public let name: String
  /// What it does.
  public let kind: Kind
  /// The SHA-256 of the body that it was trained on, where that is known; see ``ParameterStore/bodyHash()``.
  public var bodyHash: String?
  /// Its parameters, by the names that its format gives them.
  public private(set) var parameters: [ParameterStore.Parameter] = []
  /// Parameters of a head that were trained beside it, by their names in the model.
  public internal(set) var head: [ParameterStore.Parameter] = []

  private var tensors: [String: Tensor] = [:]

  init(name: String, kind: Kind) {
    (self.name, self.kind) = (name, kind)
  }

  /// The parameter of a name, or nil.
  public subscript(name: String) -> Tensor? { tensors[name] }

  func add(_ name: String, _ tensor: Tensor) {
    tensors[name] = tensor
    parameters.append(.init(name: name, tensor: tensor))
  }

  /// How many numbers it has.
  public var parameterCount: Int {
    (parameters + head).reduce(0) { $0 + $1.tensor.count }
  }

  /// A parameter that must be there, of a shape.
  func required(_ name: String, _ shape: [Int]) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw TransformerError(
        .checkpoint,
        "the adapter '\(self.name)' has no tensor '\(name)', which its configuration asks for")
    }
    guard tensor.shape == shape else {
      throw TransformerError(
        .checkpoint,
        "tensor '\(name)' of the adapter '\(self.name)' has shape \(tensor.shape), the body asks for \(shape)"
      )
    }
    return tensor
  }
}

/// Names of a body's parts without what task models put before them: "encoder.layer.0.output.dense".
enum BodyNames {
  private static let prefixes = [
    "base_model.model.", "base_model.", "bert.", "roberta.", "xlm_roberta.", "model.",
    "transformer.",
  ]

  /// A name without PEFT's and a task model's prefixes.
  static func bare(_ name: String) -> String {
    var result = Substring(name)
    for prefix in prefixes where result.hasPrefix(prefix) {
      result = result.dropFirst(prefix.count)
    }
    return String(result)
  }

  /// Whether a parameter is a body's and not a head's.
  static func isBody(_ name: String) -> Bool {
    let bare = bare(name)
    return ["embeddings.", "encoder.", "decoder.", "shared."].contains(where: bare.hasPrefix)
  }
}
