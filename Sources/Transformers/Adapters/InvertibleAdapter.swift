// SPDX-License-Identifier: Apache-2.0

import Torch

/// A change of embeddings that can be undone exactly (NICE, Dinh and others, 2015; MAD-X, Pfeiffer and others, 2020).
///
/// The two halves of a vector are changed in turn, each by a network of the other: y₁ = x₁ + F(x₂), y₂ = x₂ + G(y₁).
///
/// # Shapes
/// Input and output `[tokens, hidden]`.
struct InvertibleAdapter {
  /// Two maps with an activation between them.
  struct Network {
    let first: Linear
    let second: Linear
    let activation: Tensor.Activation?

    func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
      try second(first(input, activation: activation))
    }
  }

  let f: Network
  let g: Network

  func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let (left, right) = try Self.halves(input)
    let changed = try left.adding(f(right))
    return try .concatenated([changed, right.adding(g(changed))], 1)
  }

  /// The input that gives this output.
  func inverse(_ output: Tensor) throws(TorchError) -> Tensor {
    let (left, right) = try Self.halves(output)
    let second = try right.subtracting(g(left))
    return try .concatenated([left.subtracting(f(second)), second], 1)
  }

  static func halves(_ tensor: Tensor) throws(TorchError) -> (Tensor, Tensor) {
    let (width, half) = (tensor.shape[1], tensor.shape[1] / 2)
    return (
      try tensor.narrowed(1, start: 0, length: half),
      try tensor.narrowed(1, start: half, length: width - half)
    )
  }
}

/// Invertible adapters, each for all tokens or those of some rows.
struct InvertibleAdapters {
  var parts: [(tokens: Range<Int>?, adapter: InvertibleAdapter)] = []

  func callAsFunction(_ states: Tensor) throws(TorchError) -> Tensor {
    if try changeGrouped(states) { return states }
    return try changed(states) { (adapter, rows) throws(TorchError) in try adapter(rows) }
  }

  /// Undoes it on the states of all tokens.
  func inverse(_ states: Tensor) throws(TorchError) -> Tensor {
    try changed(states) { (adapter, rows) throws(TorchError) in try adapter.inverse(rows) }
  }

  private func changed(
    _ states: Tensor, _ body: (InvertibleAdapter, Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> Tensor {
    var states = states
    for (tokens, adapter) in parts {
      states = try states.replacing(tokens) { (rows) throws(TorchError) in try body(adapter, rows) }
    }
    return states
  }
}
