// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Moves training sentences into the regions of other languages.
///
/// Below the last layers, what says which language a text is in is much the same vector for all text of that
/// language. Adding the difference between two languages' mean states to every token of a source sentence makes
/// it look like the other language to the layers above, which then learn to read labels there too. Only
/// unlabelled text is needed. Layers below those that move must be frozen.
struct LanguageShifts {
  private let probability: Double
  /// A row of zeros, then the difference to the source of each other language, `[1 + languages, hidden]`.
  private let table: Tensor?
  private let count: Int

  /// Differences of mean states; nothing is ever moved where there is no other text.
  init(
    _ probability: Double, source: [[Int32]], others: [[[Int32]]],
    _ meanState: ([[Int32]]) throws -> Tensor?
  ) throws {
    self.probability = probability
    guard probability > 0, !others.isEmpty, let center = try meanState(source) else {
      table = nil
      count = 0
      return
    }
    var rows = [try Tensor.zeros(center.shape)]
    for other in others {
      if let mean = try meanState(other) { rows.append(try mean.subtracting(center)) }
    }
    table = try Tensor.stacked(rows)
    count = rows.count - 1
  }

  /// States of a batch, `[tokens, hidden]`, each row of text moved or left as it is.
  func apply(
    to states: Tensor, _ batch: PackedBatch, _ generator: inout some RandomNumberGenerator
  ) throws(TorchError) -> Tensor {
    guard let table, count > 0 else { return states }
    var places: [Int64] = []
    places.reserveCapacity(batch.tokenCount)
    for group in batch.groups {
      for _ in 0..<group.rowCount {
        let isMoved = Double.random(in: 0..<1, using: &generator) < probability
        let place = isMoved ? Int64.random(in: 1...Int64(count), using: &generator) : 0
        places += repeatElement(place, count: group.length)
      }
    }
    return try states.adding(table.gathered(0, Tensor(places)))
  }
}
