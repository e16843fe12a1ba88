// SPDX-License-Identifier: Apache-2.0

import Torch

/// Puts a composition's modules into the places of a body.
struct AdapterFitting {
  let composition: AdapterComposition
  /// Whether dropout of adapters applies.
  let isTraining: Bool

  /// Adds what the composition changes in a linear map.
  func fit(_ linear: inout Linear) throws {
    linear.modules = try modules(linear, composition)
  }

  private func modules(
    _ linear: Linear, _ composition: AdapterComposition
  ) throws -> [LinearModule] {
    switch composition {
    case .single(let adapter): return try modules(linear, adapter)
    case .stack(let parts): return try parts.flatMap { try modules(linear, $0) }
    case .average(let parts, let weights):
      let weights = try Self.weights(weights, parts.count)
      return try zip(parts, weights).flatMap { part, weight in
        try modules(linear, part).map { module in
          var module = module
          guard case .lowRank = module.change else {
            throw TransformerError(
              .configuration,
              "scales of (IA)³ are not averaged by output; average their parameters instead")
          }
          module.share *= weight
          return module
        }
      }
    case .fuse(let fusion):
      for adapter in fusion.adapters {
        guard case .bottleneck = adapter.kind else {
          throw TransformerError(
            .configuration,
            "'\(adapter.name)' is no bottleneck adapter; AdapterFusion is over bottlenecks")
        }
      }
      return []
    case .split(let parts):
      return try parts.flatMap { tokens, adapters in
        guard let adapters else { return [] as [LinearModule] }
        return try modules(linear, adapters).map { module in
          var module = module
          module.tokens = tokens
          return module
        }
      }
    }
  }

  private func modules(_ linear: Linear, _ adapter: Adapter) throws -> [LinearModule] {
    let name = BodyNames.bare(linear.name)
    let (outputs, inputs) = (linear.weight.shape[0], linear.weight.shape[1])
    switch adapter.kind {
    case .bottleneck, .prefix: return []
    case .lora(let configuration):
      guard
        try configuration.selection.contains(linear.name) || configuration.selection.contains(name)
      else { return [] }
      let (rank, scale) = try configuration.scale(name)
      let change = LinearModule.Change.lowRank(
        down: try adapter.required("\(name).lora_A.weight", [rank, inputs]),
        up: try adapter.required("\(name).lora_B.weight", [outputs, rank]), scale: scale,
        dropout: isTraining ? configuration.dropout : 0)
      return [LinearModule(change: change)]
    case .rescaling(let selection, let scaledInputs):
      guard try selection.contains(linear.name) || selection.contains(name) else { return [] }
      let isInput = try scaledInputs.contains(linear.name) || scaledInputs.contains(name)
      let scale = try adapter.required("\(name).ia3_l", isInput ? [1, inputs] : [outputs, 1])
      return [LinearModule(change: isInput ? .scaledInput(scale) : .scaledOutput(scale))]
    }
  }

  static func weights(_ weights: [Double]?, _ count: Int) throws -> [Double] {
    let weights = weights ?? Array(repeating: 1 / Double(count), count: count)
    guard weights.count == count, count > 0 else {
      throw TransformerError(
        .configuration, "\(weights.count) weights for \(count) adapters; expected as many")
    }
    return weights
  }

  // MARK: Bottlenecks

  /// A sublayer of one of a body's blocks.
  struct Place {
    /// The sublayer's path in AdapterHub's names, "encoder.layer.3.output".
    var path: String
    /// The block's number.
    var layer: Int
    /// Whether the sublayer is attention.
    var isAttention: Bool
    /// The states' width.
    var width: Int
    var normEpsilon: Double
  }

  /// The bottlenecks after a sublayer; nil where there are none.
  func sublayer(_ place: Place) throws -> SublayerAdapter? {
    try sublayer(place, composition)
  }

  private func sublayer(
    _ place: Place, _ composition: AdapterComposition
  ) throws -> SublayerAdapter? {
    switch composition {
    case .single(let adapter):
      return try bottleneck(place, adapter).map { .bottleneck($0, isTraining: isTraining) }
    case .stack(let parts):
      let found = try parts.compactMap { try sublayer(place, $0) }
      return found.count > 1 ? .stack(found) : found.first
    case .average(let parts, let weights):
      let weights = try Self.weights(weights, parts.count)
      let found = try zip(parts, weights).compactMap { part, weight in
        try sublayer(place, part).map { (adapter: $0, weight: weight) }
      }
      return found.isEmpty ? nil : .average(found)
    case .fuse(let fusion):
      let found = try fusion.adapters.compactMap { try bottleneck(place, $0) }
      guard !found.isEmpty else { return nil }
      guard found.count == fusion.adapters.count else {
        throw TransformerError(
          .configuration,
          "the adapters of the fusion '\(fusion.name)' do not stand in the same places")
      }
      func linear(_ name: String) throws -> Linear {
        let path = "\(place.path).adapter_fusion_layer.\(fusion.name).\(name)"
        guard let weight = fusion["\(path).weight"] else {
          throw TransformerError(
            .checkpoint, "the fusion '\(fusion.name)' has no tensor '\(path).weight'")
        }
        return Linear(name: path, weight: weight, bias: fusion["\(path).bias"])
      }
      return .fuse(
        found,
        FusionAttention(
          query: try linear("query"), key: try linear("key"), value: try linear("value")))
    case .split(let parts):
      let found = try parts.compactMap { tokens, adapters in
        try adapters.flatMap { try sublayer(place, $0) }.map { (tokens: tokens, adapter: $0) }
      }
      return found.isEmpty ? nil : .split(stacks: found)
    }
  }

  private func bottleneck(_ place: Place, _ adapter: Adapter) throws -> Bottleneck? {
    guard case .bottleneck(let configuration) = adapter.kind,
      place.isAttention ? configuration.followsAttention : configuration.followsFeedForward,
      !configuration.leftOut.contains(place.layer)
    else { return nil }
    let path = "\(place.path).adapters.\(adapter.name)"
    let (hidden, inner) = (place.width, configuration.width(place.width))
    func norm(_ name: String) throws -> Norm {
      Norm(
        weight: try adapter.required("\(path).\(name).weight", [hidden]),
        bias: try adapter.required("\(path).\(name).bias", [hidden]), epsilon: place.normEpsilon)
    }
    // AdapterHub numbers a norm before the first map along with it.
    let first = configuration.hasNormBefore ? "adapter_down.1" : "adapter_down.0"
    return Bottleneck(
      down: Linear(
        name: "\(path).\(first)",
        weight: try adapter.required("\(path).\(first).weight", [inner, hidden]),
        bias: try adapter.required("\(path).\(first).bias", [inner])),
      up: Linear(
        name: "\(path).adapter_up",
        weight: try adapter.required("\(path).adapter_up.weight", [hidden, inner]),
        bias: try adapter.required("\(path).adapter_up.bias", [hidden])),
      normBefore: configuration.hasNormBefore ? try norm("adapter_down.0") : nil,
      normAfter: configuration.hasNormAfter ? try norm("adapter_norm_after") : nil,
      configuration: configuration)
  }

  // MARK: Prefixes

  /// What stands in front of keys and values in a layer, the lowest adapter's first.
  func prefixes(
    layer: Int, of layerCount: Int, width: Int
  ) throws -> [AttentionPrefix] {
    try prefixes(composition, nil, layer, layerCount, width)
  }

  private func prefixes(
    _ composition: AdapterComposition, _ tokens: Range<Int>?, _ layer: Int, _ layerCount: Int,
    _ width: Int
  ) throws -> [AttentionPrefix] {
    switch composition {
    case .single(let adapter):
      guard case .prefix(let configuration) = adapter.kind else { return [] }
      let all = try adapter.required(
        Self.prefixName, [configuration.length, layerCount * 2 * width])
      func part(_ index: Int) throws -> Tensor {
        try all.narrowed(1, start: (2 * layer + index) * width, length: width)
      }
      return [AttentionPrefix(keys: try part(0), values: try part(1), tokens: tokens)]
    case .stack(let parts):
      return try parts.flatMap { try prefixes($0, tokens, layer, layerCount, width) }
    case .average(let parts, _):
      let found = try parts.flatMap { try prefixes($0, tokens, layer, layerCount, width) }
      guard found.isEmpty else {
        throw TransformerError(
          .configuration, "prefixes are not averaged by output; stack them instead")
      }
      return []
    case .fuse: return []
    case .split(let parts):
      return try parts.flatMap { range, adapters in
        try adapters.map { try prefixes($0, range, layer, layerCount, width) } ?? []
      }
    }
  }

  static let prefixName = "prompt_embeddings"

  // MARK: Embeddings

  /// The invertible adapters after the embeddings.
  func invertible(width: Int) throws -> InvertibleAdapters {
    InvertibleAdapters(parts: try invertible(width, composition, nil))
  }

  private func invertible(
    _ width: Int, _ composition: AdapterComposition, _ tokens: Range<Int>?
  ) throws -> [(tokens: Range<Int>?, adapter: InvertibleAdapter)] {
    switch composition {
    case .single(let adapter):
      return try invertible(width, adapter).map { [(tokens, $0)] } ?? []
    case .stack(let parts):
      // As in AdapterHub, only the first may be one: a language's.
      for part in parts.dropFirst() {
        guard case .single(let adapter) = part, try invertible(width, adapter) != nil else {
          continue
        }
        throw TransformerError(
          .configuration,
          "expected an invertible part in the lowest adapter of a stack alone, as a language's, found one in '\(adapter.name)' "
            + "above another; leave out what is below, or train it without")
      }
      return try parts.first.map { try invertible(width, $0, tokens) } ?? []
    case .average, .fuse: return []
    case .split(let parts):
      return try parts.flatMap { range, adapters in
        try adapters.map { try invertible(width, $0, range) } ?? []
      }
    }
  }

  private func invertible(_ width: Int, _ adapter: Adapter) throws -> InvertibleAdapter? {
    guard case .bottleneck(let configuration) = adapter.kind,
      let factor = configuration.invertibleReductionFactor
    else { return nil }
    let half = width / 2
    let inner = max(1, Int(Double(half) / factor))
    func network(_ name: String, _ inputs: Int, _ outputs: Int) throws -> InvertibleAdapter.Network
    {
      func linear(_ index: Int, _ inputs: Int, _ outputs: Int) throws -> Linear {
        let path = "invertible_adapters.\(adapter.name).\(name).\(index)"
        return Linear(
          name: path, weight: try adapter.required("\(path).weight", [outputs, inputs]),
          bias: try adapter.required("\(path).bias", [outputs]))
      }
      return .init(
        first: try linear(0, inputs, inner), second: try linear(2, inner, outputs),
        activation: configuration.activation)
    }
    return InvertibleAdapter(
      f: try network("F", width - half, half), g: try network("G", half, width - half))
  }
}
