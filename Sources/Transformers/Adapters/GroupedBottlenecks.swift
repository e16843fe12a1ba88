// SPDX-License-Identifier: Apache-2.0

import Torch

extension SublayerAdapter {
  /// Bottlenecks of rows that use different adapters, in as few calls as they allow.
  ///
  /// Stacks are taken apart level by level: a row's tokens go through its own adapters alone, so that all rows' first ones may be
  /// computed before any second one.
  static func split(stacks parts: [(tokens: Range<Int>, adapter: SublayerAdapter)])
    -> SublayerAdapter
  {
    var levels: [[(tokens: Range<Int>, adapter: SublayerAdapter)]] = []
    for (tokens, adapter) in parts {
      let stack = if case .stack(let adapters) = adapter { adapters } else { [adapter] }
      for (level, adapter) in stack.enumerated() {
        if level == levels.count { levels.append([]) }
        levels[level].append((tokens, adapter))
      }
    }
    return levels.count == 1 ? .split(levels[0]) : .stack(levels.map { .split($0) })
  }

  /// What adapters of some tokens each add to a sublayer's sum; see ``callAsFunction(_:_:_:)``.
  static func apply(
    _ parts: [(tokens: Range<Int>, adapter: SublayerAdapter)], _ sum: Tensor, _ input: Tensor,
    _ norm: Norm?
  ) throws(TorchError) -> Tensor {
    var result = sum
    var index = 0
    while index < parts.count {
      let run = GradientMode.isEnabled ? [] : Self.run(parts[index...])
      guard run.count > 1 else {
        let (tokens, adapter) = parts[index]
        let own = try input.rows(tokens)
        result = try result.replacing(tokens) { (part) throws(TorchError) in
          try adapter(part, own, norm)
        }
        index += 1
        continue
      }
      try Self.add(run, to: result, input, norm)
      index += run.count
    }
    return result
  }

  /// The bottlenecks at the beginning of some parts that read the same of a sublayer and follow each other.
  private static func run(
    _ parts: ArraySlice<(tokens: Range<Int>, adapter: SublayerAdapter)>
  ) -> [(tokens: Range<Int>, bottleneck: Bottleneck)] {
    var run: [(tokens: Range<Int>, bottleneck: Bottleneck)] = []
    for (tokens, adapter) in parts {
      guard case .bottleneck(let bottleneck, isTraining: false) = adapter, bottleneck.isPlain
      else { break }
      if let last = run.last {
        guard tokens.lowerBound >= last.tokens.upperBound,
          bottleneck.readsTheSame(as: last.bottleneck)
        else { break }
      }
      run.append((tokens, bottleneck))
    }
    return run
  }

  /// Adds what bottlenecks make of their tokens to the sum's own memory.
  private static func add(
    _ run: [(tokens: Range<Int>, bottleneck: Bottleneck)], to sum: Tensor, _ input: Tensor,
    _ norm: Norm?
  ) throws(TorchError) {
    guard let first = run.first, let last = run.last else { return }
    // What they read is made once for all tokens from the first to the last.
    let all = first.tokens.lowerBound..<last.tokens.upperBound
    let own = try sum.rows(all)
    let source = try first.bottleneck.source(own, input.rows(all), norm)
    try own.addBottlenecks(
      run.map { tokens, bottleneck in
        Tensor.TokenBottleneck(
          tokens: tokens.lowerBound - all.lowerBound..<tokens.upperBound - all.lowerBound,
          down: bottleneck.down.weight, downBias: bottleneck.down.bias, up: bottleneck.up.weight,
          upBias: bottleneck.up.bias, scale: bottleneck.configuration.scale)
      }, of: source, activation: first.bottleneck.configuration.activation)
  }
}

extension Bottleneck {
  /// Whether it is no more than two maps with an activation between, whose result is added to the sublayer's.
  var isPlain: Bool {
    normBefore == nil && normAfter == nil
      && (configuration.keepsSublayerOutput || !configuration.normsInput)
  }

  /// Adds what it makes of all tokens to the sublayer's sum, which it changes in place; without gradients, if it is plain.
  func add(to sum: Tensor, of source: Tensor) throws(TorchError) {
    try sum.addBottlenecks(
      [
        Tensor.TokenBottleneck(
          tokens: 0..<sum.shape[0], down: down.weight, downBias: down.bias, up: up.weight,
          upBias: up.bias, scale: configuration.scale)
      ], of: source, activation: configuration.activation)
  }

  /// Whether another reads the same of a sublayer and has the same activation.
  fileprivate func readsTheSame(as other: Bottleneck) -> Bool {
    configuration.normsInput == other.configuration.normsInput
      && configuration.isParallel == other.configuration.isParallel
      && configuration.activation == other.configuration.activation
  }
}

extension LinearModule {
  /// The low-rank changes at the beginning of some modules that are each for some tokens, in order; without gradients they are
  /// one call.
  static func run(_ modules: ArraySlice<LinearModule>) -> [Tensor.TokenBottleneck] {
    var run: [Tensor.TokenBottleneck] = []
    for module in modules {
      guard case .lowRank(let down, let up, let scale, dropout: 0) = module.change,
        let tokens = module.tokens, tokens.lowerBound >= run.last?.tokens.upperBound ?? 0
      else { break }
      run.append(.init(tokens: tokens, down: down, up: up, scale: scale * module.share))
    }
    return run
  }
}

extension InvertibleAdapters {
  /// Changes the two halves of rows that use different adapters, each half in one call; false where they do not allow it.
  func changeGrouped(_ states: Tensor) throws(TorchError) -> Bool {
    guard !GradientMode.isEnabled, parts.count > 1, let first = parts.first else { return false }
    var end = 0
    for (tokens, adapter) in parts {
      guard let tokens, tokens.lowerBound >= end,
        adapter.f.activation == first.adapter.f.activation
      else { return false }
      end = tokens.upperBound
    }
    let (left, right) = try InvertibleAdapter.halves(states)
    func add(
      _ network: (InvertibleAdapter) -> InvertibleAdapter.Network, of source: Tensor,
      to target: Tensor
    ) throws(TorchError) {
      let all = parts.compactMap { tokens, adapter -> Tensor.TokenBottleneck? in
        guard let tokens else { return nil }
        let network = network(adapter)
        return .init(
          tokens: tokens, down: network.first.weight, downBias: network.first.bias,
          up: network.second.weight, upBias: network.second.bias)
      }
      try target.addBottlenecks(all, of: source, activation: first.adapter.f.activation)
    }
    try add(\.f, of: right, to: left)
    try add(\.g, of: left, to: right)
    return true
  }
}
