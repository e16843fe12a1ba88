// SPDX-License-Identifier: Apache-2.0

import Torch

/// What an adapter changes in one linear map, for all tokens or for those of some rows.
struct LinearModule {
  /// The change.
  enum Change {
    /// scale × x Aᵀ Bᵀ is added, with A `[rank, inputs]` and B `[outputs, rank]` (LoRA; Hu and others, 2022).
    case lowRank(down: Tensor, up: Tensor, scale: Double, dropout: Double)
    /// The input's elements are scaled, `[1, inputs]` ((IA)³ in feed-forward networks; Liu and others, 2022).
    case scaledInput(Tensor)
    /// The output's elements are scaled, `[outputs, 1]` ((IA)³ on keys and values).
    case scaledOutput(Tensor)
  }

  var change: Change
  /// The tokens that it is for; nil for all.
  var tokens: Range<Int>?
  /// What low-rank changes count, where several are averaged.
  var share = 1.0

  /// The change as one of the weight, where it is one: of low rank, for all tokens, without dropout.
  var weightChange: Tensor.LowRankChange? {
    guard case .lowRank(let down, let up, let scale, 0) = change, tokens == nil else { return nil }
    return Tensor.LowRankChange(down: down, up: up, scale: scale * share)
  }

  /// The input as this module wants it.
  func input(_ input: Tensor) throws(TorchError) -> Tensor {
    guard case .scaledInput(let scale) = change else { return input }
    return try input.replacing(tokens, isOwn: false) { (part) throws(TorchError) in
      try part.multiplied(by: scale)
    }
  }

  /// The output as this module leaves it.
  func output(_ output: Tensor, of input: Tensor) throws(TorchError) -> Tensor {
    switch change {
    case .scaledInput: return output
    case .scaledOutput(let scale):
      // Turned here and not before: what is trained is the parameter, not a view of it from before it was.
      let row = try scale.transposed()
      return try output.replacing(tokens) { (part) throws(TorchError) in
        try part.multiplied(by: row)
      }
    case .lowRank(let down, let up, let scale, let dropout):
      let part = try input.rows(tokens)
      let change = try part.dropout(dropout).smallLinear(down, nil).smallLinear(up, nil)
      guard GradientMode.isEnabled else {
        try output.rows(tokens).add(change, scale: scale * share)
        return output
      }
      return try output.replacing(tokens) { (part) throws(TorchError) in
        try part.adding(change, scale: scale * share)
      }
    }
  }
}

extension Tensor {
  /// Some rows of this tensor, `[tokens, ...]`, a view; all where `range` is nil.
  func rows(_ range: Range<Int>?) throws(TorchError) -> Tensor {
    guard let range, range != 0..<shape[0] else { return self }
    return try narrowed(0, start: range.lowerBound, length: range.count)
  }

  /// This tensor, `[tokens, ...]`, with some of its rows put in place by `body`; all of them where `range` is nil.
  ///
  /// - Parameter isOwn: whether nobody else has this tensor, so that without gradients it may be changed in place.
  func replacing(
    _ range: Range<Int>?, isOwn: Bool = true, _ body: (Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> Tensor {
    guard let range, range != 0..<shape[0] else { return try body(self) }
    guard !range.isEmpty else { return self }
    let part = try rows(range)
    if isOwn, !GradientMode.isEnabled {
      try part.copy(from: body(part))
      return self
    }
    var parts = [try body(part)]
    if range.lowerBound > 0 { parts.insert(try rows(0..<range.lowerBound), at: 0) }
    if range.upperBound < shape[0] { parts.append(try rows(range.upperBound..<shape[0])) }
    return try .concatenated(parts)
  }
}
