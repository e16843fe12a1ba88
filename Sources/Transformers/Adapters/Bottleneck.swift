// SPDX-License-Identifier: Apache-2.0

import Torch

/// Down to a few dimensions, an activation, and up again: what is added after a sublayer (Houlsby and others, 2019).
///
/// # Shapes
/// Input and output `[tokens, hidden]`.
struct Bottleneck {
  let down: Linear
  let up: Linear
  let normBefore: Norm?
  let normAfter: Norm?
  let configuration: BottleneckConfiguration

  /// A sublayer's output and input added up, with the adapter's part in it.
  ///
  /// - Parameters:
  ///   - sum: what the sublayer made plus what it was given.
  ///   - input: what it was given.
  ///   - norm: the sublayer's own normalisation, where it stands after the sum.
  ///   - dropout: whether the adapter's dropout applies.
  func callAsFunction(
    _ sum: Tensor, _ input: Tensor, _ norm: Norm?, isTraining: Bool
  ) throws(TorchError) -> Tensor {
    let source = try self.source(sum, input, norm)
    if !GradientMode.isEnabled, isPlain, !isTraining {
      try add(to: sum, of: source)
      return sum
    }
    let change = try self.change(source, isTraining: isTraining)
    // What is passed around the adapter: the sublayer's output as it was, or what the adapter reads.
    guard !configuration.keepsSublayerOutput, configuration.normsInput else {
      return try sum.adding(change)
    }
    let normed = configuration.isParallel ? try norm?(sum) ?? sum : source
    return try normed.adding(change).adding(input)
  }

  /// What the first map reads of a sublayer.
  func source(_ sum: Tensor, _ input: Tensor, _ norm: Norm?) throws(TorchError) -> Tensor {
    if configuration.isParallel { return input }
    guard configuration.normsInput else { return try sum.subtracting(input) }
    return try norm?(sum) ?? sum
  }

  /// The adapter's part alone.
  func change(_ source: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
    let inner = try down.small(normBefore?(source) ?? source, activation: configuration.activation)
    var result = try up.small(inner)
    if configuration.scale != 1 { result = try result.multiplied(by: configuration.scale) }
    if isTraining { result = try result.dropout(configuration.dropout) }
    return try normAfter?(result) ?? result
  }
}

/// Bottlenecks of one sublayer, as a composition puts them together.
indirect enum SublayerAdapter {
  case bottleneck(Bottleneck, isTraining: Bool)
  /// One after the other, each on what the one before it made.
  case stack([SublayerAdapter])
  /// The weighted mean of what each makes alone.
  case average([(adapter: SublayerAdapter, weight: Double)])
  /// Attention to what each makes alone (AdapterFusion).
  case fuse([Bottleneck], FusionAttention)
  /// Each for the tokens of its rows.
  case split([(tokens: Range<Int>, adapter: SublayerAdapter)])

  /// A sublayer's output and input added up, with what adapters add.
  func callAsFunction(
    _ sum: Tensor, _ input: Tensor, _ norm: Norm?
  ) throws(TorchError) -> Tensor {
    switch self {
    case .bottleneck(let bottleneck, let isTraining):
      return try bottleneck(sum, input, norm, isTraining: isTraining)
    case .stack(let adapters):
      var sum = sum
      for adapter in adapters { sum = try adapter(sum, input, norm) }
      return sum
    case .average(let parts):
      var result: Tensor?
      for (adapter, weight) in parts {
        // Each begins from the sum, which without gradients an adapter of some rows changes in place.
        let own = GradientMode.isEnabled ? sum : try sum.clone()
        let part = try adapter(own, input, norm).multiplied(by: weight)
        result = try result?.adding(part) ?? part
      }
      return result ?? sum
    case .fuse(let bottlenecks, let fusion):
      let query = try norm?(sum) ?? sum
      var changes: [Tensor] = []
      for bottleneck in bottlenecks {
        let source =
          if bottleneck.configuration.isParallel {
            input
          } else if bottleneck.configuration.normsInput { query } else {
            try sum.subtracting(input)
          }
        changes.append(try bottleneck.change(source, isTraining: false))
      }
      return try sum.adding(fusion(query, changes))
    case .split(let parts):
      return try Self.apply(parts, sum, input, norm)
    }
  }
}

/// Attention over what several adapters make of a token (AdapterFusion; Pfeiffer and others, 2021).
///
/// # Shapes
/// Query and result `[tokens, hidden]`; changes one `[tokens, hidden]` for each adapter.
struct FusionAttention {
  let query: Linear
  let key: Linear
  let value: Linear

  func callAsFunction(_ state: Tensor, _ changes: [Tensor]) throws(TorchError) -> Tensor {
    let query = try query(state).expanded(1)  // [tokens, 1, hidden]
    var (keys, values): ([Tensor], [Tensor]) = ([], [])
    for change in changes {
      keys.append(try key(change).expanded(1))
      values.append(try value(change).expanded(1))
    }
    let scores = try query.matmul(.concatenated(keys, 1).transposed(1, 2))  // [tokens, 1, adapters]
    let mean = try scores.softmax().matmul(.concatenated(values, 1))  // [tokens, 1, hidden]
    return try mean.selected(1, 0)
  }
}
