// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A parameter that training may move.
public struct TrainedParameter {
  /// Its name, as in checkpoints.
  public var name: String
  /// Its values.
  public var tensor: Tensor
  /// Whether it belongs to a task's head, which has a rate of its own and is never frozen by layer.
  public var isHead: Bool

  /// A parameter by name.
  public init(_ name: String, _ tensor: Tensor, isHead: Bool = false) {
    self.name = name
    self.tensor = tensor
    self.isHead = isHead
  }

  /// Where it stands: 0 for embeddings, n + 1 for layer n, nil for what is beside layers (heads, poolers, final norms).
  ///
  /// Told from the names that the families use: `layer.3.`, `layers.3.`, `block.3.`, and `embeddings`, `shared`,
  /// `embed_tokens`, `embed_positions`.
  public var depth: Int? {
    let parts = name.split(separator: ".")
    for (part, next) in zip(parts, parts.dropFirst()) where Self.containers.contains(part) {
      if let layer = Int(next) { return layer + 1 }
    }
    return parts.contains(where: Self.embeddings.contains) ? 0 : nil
  }

  /// Whether weight decay is kept from it: biases, norms and single scales.
  var isExemptFromDecay: Bool {
    tensor.shape.count < 2 || name.hasSuffix(".bias")
  }

  private static let containers: Set<Substring> = ["layer", "layers", "block", "blocks"]
  private static let embeddings: Set<Substring> = [
    "embeddings", "shared", "embed_tokens", "embed_positions", "layernorm_embedding",
    "invertible_adapters",
  ]
}

/// Which parameters move: by layer, by kind, by pattern.
///
/// A pattern is a parameter's name with `*` for any text, as in `encoder.layer.1?.*` or `*.bias`; `?` stands for one
/// letter. What is frozen by any of the fields does not move; heads are frozen only by a pattern.
public struct ParameterSelection: Sendable, Equatable, Codable {
  /// How many of the last layers move; all of them and the embeddings when nil.
  public var lastLayers: Int?
  /// Whether of the body only biases move (BitFit; Ben Zaken and others, 2022).
  public var onlyBiases = false
  /// Patterns of what does not move.
  public var frozen: [String] = []
  /// Patterns of what may move; empty for all.
  public var tuned: [String] = []

  /// Everything moves.
  public init() {}

  /// The parameters that move, in their order.
  ///
  /// - Throws: `TrainingError` where a pattern fits no parameter, or nothing is left to move.
  public func apply(to parameters: [TrainedParameter]) throws(TrainingError) -> [TrainedParameter] {
    for pattern in frozen + tuned
    where !parameters.contains(where: { Self.matches($0.name, pattern) }) {
      throw TrainingError(
        .plan,
        "the pattern '\(pattern)' fits no parameter; the first is '\(parameters.first?.name ?? "none")'"
      )
    }
    let layerCount = parameters.compactMap(\.depth).max() ?? 0
    let moving = parameters.filter { parameter in
      let isMatch = { Self.matches(parameter.name, $0) }
      if frozen.contains(where: isMatch) { return false }
      if parameter.isHead { return true }
      if !tuned.isEmpty, !tuned.contains(where: isMatch) { return false }
      if onlyBiases, !parameter.name.hasSuffix(".bias") { return false }
      guard let lastLayers else { return true }
      return parameter.depth.map { $0 > layerCount - lastLayers && $0 > 0 } ?? true
    }
    guard !moving.isEmpty else {
      throw TrainingError(
        .plan, "all \(parameters.count) parameters are frozen; nothing is left to train")
    }
    return moving
  }

  /// Whether a name fits a pattern with `*` and `?`.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let (name, pattern) = (Array(name.utf8), Array(pattern.utf8))
    var (place, next) = (0, 0)
    var retry: (place: Int, next: Int)?
    while place < name.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        retry = (place, next)
        next += 1
      } else if next < pattern.count,
        pattern[next] == name[place] || pattern[next] == UInt8(ascii: "?")
      {
        place += 1
        next += 1
      } else if let last = retry {
        retry = (last.place + 1, last.next)
        (place, next) = (last.place + 1, last.next + 1)
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
