// SPDX-License-Identifier: Apache-2.0

import Torch

/// x Wᵀ + b.
///
/// # Shapes
/// | tensor | shape |
/// |---|---|
/// | input | `[..., inputs]` |
/// | `weight` | `[outputs, inputs]` |
/// | `bias` | `[outputs]` |
/// | output | `[..., outputs]` |
public struct Linear {
  /// Where it stands in the model's tree of names: "encoder.layer.0.attention.self.query".
  public let name: String
  let weight: Tensor
  let bias: Tensor?
  /// The weight as oneDNN reads it, for inference; see ``packed()``.
  private var packedWeight: Tensor?
  /// The map as Koine's own kernel reads it, in place of oneDNN's, where the processor has what that needs.
  private var panels: PanelWeight?
  /// The map for a training in which it stays as it is; see ``frozen()``.
  private(set) var frozenWeight: FrozenWeight?
  /// The map in 8 bits, for inference; see ``quantized()``.
  private(set) var int8: Int8Weight?
  /// What adapters change in it.
  var modules: [LinearModule] = []

  /// A map between two widths; initial weights are normal(0, 0.02), biases zero.
  ///
  /// - Parameters:
  ///   - scope: holds `weight`, and `bias` where there is one.
  ///   - inputs: the input's width.
  ///   - outputs: the output's width.
  ///   - hasBias: whether there is a bias; true by default.
  public init(
    _ scope: ParameterScope, inputs: Int, outputs: Int, hasBias: Bool = true
  ) throws {
    name = scope.path
    weight = try scope.parameter("weight", [outputs, inputs])
    bias = hasBias ? try scope.parameter("bias", [outputs], .constant(0)) : nil
  }

  /// A map by a weight that is a parameter elsewhere, `[outputs, inputs]`, as a tied table of words is.
  init(name: String, weight: Tensor, bias: Tensor?) {
    self.name = name
    self.weight = weight
    self.bias = bias
  }

  /// The map, and an activation after it.
  public func callAsFunction(
    _ input: Tensor, activation: Tensor.Activation? = nil
  ) throws(TorchError) -> Tensor {
    guard modules.isEmpty else { return try adapted(input).activated(activation) }
    return try plain(input, activation: activation)
  }

  /// The map, for one to or from a few dimensions; see ``Tensor/smallLinear(_:_:)``.
  func small(
    _ input: Tensor, activation: Tensor.Activation? = nil
  ) throws(TorchError) -> Tensor {
    try input.smallLinear(weight, bias).activated(activation)
  }

  /// The map without what adapters change in it.
  private func plain(
    _ input: Tensor, activation: Tensor.Activation? = nil
  ) throws(TorchError) -> Tensor {
    if let int8 { return try int8(input, activation: activation) }
    if !GradientMode.isEnabled {
      if let panels { return try panels(input, activation: activation) }
      if let packedWeight {
        return try input.fusedLinear(packedWeight, bias, activation: activation)
      }
    }
    if GradientMode.isEnabled, let frozenWeight, input.dtype == .float32, input.count > 0 {
      return try frozenWeight(input).activated(activation)
    }
    return try input.linear(weight, bias, activation: activation)
  }

  private func adapted(_ input: Tensor) throws(TorchError) -> Tensor {
    var input = input
    for module in modules { input = try module.input(input) }
    // To learn, a change of rank for all tokens goes into the weight: one product in place of three.
    if GradientMode.isEnabled, modules.count == 1, let change = modules[0].weightChange,
      input.dtype == .float32, input.count > 0
    {
      return try input.trainingLinear(weight, bias, change: change)
    }
    return try changed(plain(input), of: input)
  }

  /// The map's own output as adapters leave it; without gradients it may be changed in place.
  func changed(_ output: Tensor, of input: Tensor) throws(TorchError) -> Tensor {
    var output = output
    var index = 0
    while index < modules.count {
      let run: [Tensor.TokenBottleneck] =
        GradientMode.isEnabled ? [] : LinearModule.run(modules[index...])
      if run.count > 1 {
        try output.addBottlenecks(run, of: input, activation: nil)
        index += run.count
      } else {
        output = try modules[index].output(output, of: input)
        index += 1
      }
    }
    return output
  }

  /// Whether adapters leave the input as it is.
  var keepsInput: Bool {
    modules.allSatisfy { if case .scaledInput = $0.change { false } else { true } }
  }

  /// The map's result plus `residual`, `[..., outputs]`; `dropout` falls on the result.
  func callAsFunction(
    _ input: Tensor, adding residual: Tensor, dropout: Double
  ) throws(TorchError) -> Tensor {
    if !GradientMode.isEnabled, dropout == 0, modules.isEmpty {
      if let int8 { return try int8(input, adding: residual) }
      if let panels { return try panels(input, adding: residual) }
      if let packedWeight { return try input.fusedLinear(packedWeight, bias, adding: residual) }
    }
    return try self(input).dropout(dropout, adding: residual)
  }

  /// The same map with its weight, as it is now, laid out once for all products to come.
  ///
  /// - Parameter forSteps: whether it is for few rows at a time, as a decoder's steps are; oneDNN's layout then.
  func packed(forSteps: Bool = false) throws(TorchError) -> Linear {
    var result = self
    if !forSteps, PanelWeight.isSupported, weight.dtype == .float32 {
      result.panels = try PanelWeight(weight, bias: bias)
      result.packedWeight = nil
      return result
    }
    result.packedWeight = try weight.packedForLinear()
    return result
  }

  /// The same map with its weight, as it is now, laid out for a training of single precision in which it stays as it is.
  ///
  /// To be called when adapters are in place.
  func frozen() throws(TorchError) -> Linear {
    // A change that goes into the weight makes another weight in each step.
    let changesWeight = modules.count == 1 && modules[0].weightChange != nil
    guard PanelWeight.isSupported, weight.dtype == .float32, !changesWeight else { return self }
    var result = self
    result.frozenWeight = try FrozenWeight(weight, bias: bias)
    return result
  }

  /// The same map with its weight, as it is now, in 8 bits; it has no gradients.
  func quantized() throws(TorchError) -> Linear {
    quantized(as: try Int8Weight(weight, bias: bias))
  }

  /// The same map with a weight in 8 bits that was made of its own.
  func quantized(as int8: Int8Weight) -> Linear {
    var result = self
    (result.packedWeight, result.panels) = (nil, nil)
    result.int8 = int8
    return result
  }

  /// Maps of one input side by side, packed: one product gives `[..., outputs of all]`.
  static func packed(joining maps: [Linear]) throws(TorchError) -> Linear {
    let biases = maps.compactMap(\.bias)
    var result = try Linear(
      name: maps.map(\.name).joined(separator: "+"),
      weight: .concatenated(maps.map { (map) in map.weight }).detached(),
      bias: biases.count == maps.count ? .concatenated(biases).detached() : nil)
    result = try result.packed(forSteps: true)
    return result.forgettingWeight()
  }

  /// A packed map without the weight that it was made from.
  private func forgettingWeight() -> Linear {
    guard let packedWeight else { return self }
    var result = Linear(name: name, weight: packedWeight, bias: bias)
    result.packedWeight = packedWeight
    return result
  }
}
