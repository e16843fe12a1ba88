// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// The last states of all features' tokens under a body that does not move, computed once for all epochs.
///
/// They are made in batches that follow from the features alone, so that a training that is taken up again sees the same bytes.
struct FrozenStates<Feature: TaskFeature> {
  /// The most bytes that states are kept in; beyond it they are computed anew.
  static var byteLimit: Int { 1 << 30 }

  /// For each feature the states of each of its rows, `[tokens, hidden]`.
  private let rows: [[Tensor]]

  /// Computes states; nil where they would not fit into ``byteLimit``.
  init?(_ features: [Feature], _ body: Encoder) throws {
    let lengths = features.map { $0.rows.reduce(0) { $0 + $1.ids.count } }
    let width = body.configuration.hiddenSize * 4
    guard lengths.reduce(0, +) * width <= Self.byteLimit else { return nil }
    var rows = [[Tensor]](repeating: [], count: features.count)
    try GradientMode.disabled {
      for indices in TokenBatches(lengths: lengths) {
        let batch = try TaskBatch(indices.map { features[$0] }, for: body.configuration)
        let states = try body(batch.packed)
        for (place, index) in indices.enumerated() {
          rows[index] = try features[index].rows.enumerated().map { row, tokens in
            try states.narrowed(
              0, start: batch.packed.firstTokens[batch.firstRows[place] + row],
              length: tokens.ids.count
            ).clone()
          }
        }
      }
    }
    self.rows = rows
  }

  /// The states of a batch of some features, in the order of its tokens, `[tokens, hidden]`.
  func states(_ examples: [Int], _ batch: PackedBatch) throws(TorchError) -> Tensor {
    let parts = examples.flatMap { rows[$0] }
    return try .concatenated(batch.order.map { parts[$0] })
  }
}
