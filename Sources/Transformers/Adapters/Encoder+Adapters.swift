// SPDX-License-Identifier: Apache-2.0

import Torch

extension Encoder {
  /// A fresh adapter for this encoder, which changes nothing until it is trained.
  ///
  /// Maps that end a change start at zero, others as their papers have them.
  ///
  /// - Parameters:
  ///   - kind: what it does.
  ///   - name: what it is called; letters, digits, `-` and `_`.
  /// - Throws: `TransformerError` where nothing in the encoder fits the kind, or the name cannot be.
  public func makeAdapter(_ kind: Adapter.Kind, name: String) throws -> Adapter {
    var kind = kind
    if case .prefix(var settings) = kind {
      settings.layerCount = configuration.layerCount
      settings.headCount = configuration.headCount
      kind = .prefix(settings)
    }
    let adapter = try Adapter(fresh: kind, name: name, for: linears)
    if case .prefix(let settings) = kind {
      adapter.add(
        AdapterFitting.prefixName,
        try .normal([settings.length, configuration.layerCount * 2 * configuration.hiddenSize])
          .multiplied(by: 0.02))
      return adapter
    }
    guard case .bottleneck(let settings) = kind else { return adapter }
    for layer in 0..<configuration.layerCount where !settings.leftOut.contains(layer) {
      for isAttention in [true, false]
      where isAttention ? settings.followsAttention : settings.followsFeedForward {
        try addBottleneck(
          "\(place(layer, isAttention).path).adapters.\(name)", settings, to: adapter)
      }
    }
    guard let factor = settings.invertibleReductionFactor else { return adapter }
    let half = configuration.hiddenSize / 2
    let inner = max(1, Int(Double(half) / factor))
    for (part, inputs, outputs) in [
      ("F", configuration.hiddenSize - half, half), ("G", half, configuration.hiddenSize - half),
    ] {
      let path = "invertible_adapters.\(name).\(part)"
      adapter.add("\(path).0.weight", try .normal([inner, inputs]).multiplied(by: 0.02))
      adapter.add("\(path).0.bias", try .zeros([inner]))
      adapter.add("\(path).2.weight", try .normal([outputs, inner]).multiplied(by: 0.02))
      adapter.add("\(path).2.bias", try .zeros([outputs]))
    }
    return adapter
  }

  private func addBottleneck(
    _ path: String, _ settings: BottleneckConfiguration, to adapter: Adapter
  ) throws {
    let hidden = configuration.hiddenSize
    let inner = settings.width(hidden)
    let first = settings.hasNormBefore ? "adapter_down.1" : "adapter_down.0"
    func addNorm(_ name: String) throws {
      adapter.add("\(path).\(name).weight", try .full([hidden], 1))
      adapter.add("\(path).\(name).bias", try .zeros([hidden]))
    }
    if settings.hasNormBefore { try addNorm("adapter_down.0") }
    adapter.add("\(path).\(first).weight", try .normal([inner, hidden]).multiplied(by: 0.02))
    adapter.add("\(path).\(first).bias", try .zeros([inner]))
    adapter.add("\(path).adapter_up.weight", try .zeros([hidden, inner]))
    adapter.add("\(path).adapter_up.bias", try .zeros([hidden]))
    if settings.hasNormAfter { try addNorm("adapter_norm_after") }
  }

  /// A fresh fusion of bottleneck adapters (Pfeiffer and others, 2021): attention that begins at their mean.
  public func makeFusion(_ adapters: [Adapter]) throws -> AdapterFusion {
    let fusion = AdapterFusion(adapters)
    let hidden = configuration.hiddenSize
    for layer in 0..<configuration.layerCount {
      for isAttention in [true, false] {
        let place = place(layer, isAttention)
        let stands = adapters.contains { adapter in
          guard case .bottleneck(let settings) = adapter.kind else { return false }
          return (isAttention ? settings.followsAttention : settings.followsFeedForward)
            && !settings.leftOut.contains(layer)
        }
        guard stands else { continue }
        let path = "\(place.path).adapter_fusion_layer.\(fusion.name)"
        for name in ["query", "key"] {
          fusion.parameters.append(
            .init(
              name: "\(path).\(name).weight",
              tensor: try .normal([hidden, hidden]).multiplied(by: 0.02)))
          fusion.parameters.append(
            .init(name: "\(path).\(name).bias", tensor: try .zeros([hidden])))
        }
        // The value's map begins as the identity, almost.
        var identity = [Float](repeating: 1e-6, count: hidden * hidden)
        for index in 0..<hidden { identity[index * hidden + index] = 1 }
        fusion.parameters.append(
          .init(
            name: "\(path).value.weight", tensor: try Tensor(identity, shape: [hidden, hidden])))
      }
    }
    return fusion
  }

  /// Adds LoRA's or (IA)³'s changes to the weights in place, after which the encoder computes what the adapted one did.
  ///
  /// - Throws: `TransformerError` for bottlenecks, which are no change of weights.
  public func merge(_ adapter: Adapter) throws { try adapter.merge(into: linears) }
}
