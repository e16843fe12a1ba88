// SPDX-License-Identifier: Apache-2.0

import Torch

/// Keys and values of the encoder's states for one block of the decoder, computed once.
struct MemoryCache {
  /// `[source tokens, heads * width]`.
  let keys: Tensor
  let values: Tensor

  /// From keys and values side by side, `[source tokens, 2 * heads * width]`.
  init(_ joined: Tensor) throws(TorchError) {
    let width = joined.shape[1] / 2
    keys = try joined.narrowed(1, start: 0, length: width)
    values = try joined.narrowed(1, start: width, length: width)
  }
}

/// Keys and values of the tokens written so far, for one block of the decoder.
///
/// Each token of each row has a slot, which is written once and never moved. Rows know the slots of their past, so
/// they may end, change places, and share a past.
struct LayerCache {
  let memory: MemoryCache
  /// `[slots, heads * width]`.
  let keys: Tensor
  let values: Tensor
  private let slots: Tensor

  init(memory: MemoryCache, slotCount: Int) throws(TorchError) {
    let width = memory.keys.shape[1]
    self.memory = memory
    slots = try .uninitialized([slotCount, 2 * width])
    keys = try slots.narrowed(1, start: 0, length: width)
    values = try slots.narrowed(1, start: width, length: width)
  }

  /// Writes the new tokens' keys and values, `[rows, 2 * heads * width]`.
  func write(_ joined: Tensor, _ step: DecoderStep) throws(TorchError) {
    try slots.narrowed(0, start: step.firstSlot, length: step.rowCount).copy(from: joined)
  }
}

/// One step of decoding: which slots are written and which each row sees.
struct DecoderStep {
  /// The slot of the first row's new token; those of the others follow.
  var firstSlot: Int
  var rowCount: Int
  /// The slots of each row's tokens, the new one last.
  var past: Tensor.KeyRuns
  /// The tokens of each row's source.
  var sources: Tensor.KeyRuns
  /// What relative positions add to scores, `[heads, 1, tokens so far]`.
  var bias: Tensor?
}
