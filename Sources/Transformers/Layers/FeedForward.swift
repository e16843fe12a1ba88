// SPDX-License-Identifier: Apache-2.0

import Torch

/// Two linear maps with an activation between them, which a third map may gate (Shazeer, 2020).
///
/// # Shapes
/// Input and output `[..., hidden]`, inside `[..., inner]`.
struct FeedForward {
  private(set) var expand: Linear
  private(set) var gate: Linear?
  private(set) var contract: Linear
  private let activation: Tensor.Activation

  init(_ scope: ParameterScope, _ configuration: BlockConfiguration, _ names: BlockNames) throws {
    let (hidden, inner) = (configuration.hiddenSize, configuration.innerSize)
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
      try Linear(scope[name], inputs: inputs, outputs: outputs, hasBias: configuration.hasBiases)
    }
    expand = try linear(names.expand, hidden, inner)
    gate = configuration.isGated ? try linear(names.gate, hidden, inner) : nil
    contract = try linear(names.contract, inner, hidden)
    activation = configuration.activation
  }

  /// The network's result plus `residual`.
  func callAsFunction(
    _ input: Tensor, adding residual: Tensor, dropout: Dropout
  ) throws(TorchError) -> Tensor {
    var inner = try expand(input, activation: activation)  // [..., inner]
    if let gate { inner = try inner.multiplied(by: gate(input)) }
    return try contract(
      inner.dropout(dropout.activation), adding: residual, dropout: dropout.hidden)
  }

  /// Lets `body` change each linear map.
  mutating func forEachLinear(_ body: (inout Linear) throws -> Void) rethrows {
    try body(&expand)
    if var map = gate {
      try body(&map)
      gate = map
    }
    try body(&contract)
  }

  /// The same network with packed weights, see ``Linear/packed()``.
  func packed(forSteps: Bool = false) throws(TorchError) -> FeedForward {
    var result = self
    result.expand = try expand.packed(forSteps: forSteps)
    result.gate = try gate?.packed(forSteps: forSteps)
    result.contract = try contract.packed(forSteps: forSteps)
    return result
  }

  /// The same network with weights in 8 bits, see ``Linear/quantized()``.
  func quantized() throws(TorchError) -> FeedForward {
    var result = self
    result.expand = try expand.quantized()
    result.gate = try gate?.quantized()
    result.contract = try contract.quantized()
    return result
  }
}
