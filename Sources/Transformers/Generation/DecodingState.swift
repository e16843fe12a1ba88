// SPDX-License-Identifier: Apache-2.0

import Torch

/// A row that is being written: its pieces and where their keys and values are kept.
struct RunningRow {
  /// All pieces, the start piece first; the last one has not been through the decoder.
  var ids: [Int32]
  /// The slots of the pieces that have.
  var slots: [Int32] = []
  /// The index of its source among the batch's rows.
  var source: Int

  /// The row with one more piece.
  func adding(_ id: Int32) -> RunningRow {
    var result = self
    result.ids.append(id)
    return result
  }
}

/// A batch's encoded sources and what the decoder has written for them so far.
struct DecodingState {
  private let model: SequenceToSequenceModel
  private let caches: [LayerCache]
  private let ranges: [Range<Int>]
  private let rowCapacity: Int
  private let rules: RowRules
  /// Steps that have been made.
  private(set) var stepCount = 0

  /// Encodes sources and makes room for so many rows of so many pieces.
  init(
    _ model: SequenceToSequenceModel, _ sources: [[Int32]], rowCapacity: Int, stepCapacity: Int
  ) throws {
    self.model = model
    self.rowCapacity = rowCapacity
    rules = model.configuration.rowRules(isTarget: true)
    let batch = try model.sourceBatch(sources)
    let states = try model.encode(batch)  // [source tokens, hidden]
    ranges = sources.indices.map {
      batch.firstTokens[$0]..<(batch.firstTokens[$0] + sources[$0].count)
    }
    caches = try model.decoder.blocks.compactMap { block in
      guard let attention = block.crossAttention else { return nil }
      return try LayerCache(
        memory: MemoryCache(attention.memory(states)), slotCount: rowCapacity * stepCapacity)
    }
  }

  /// Runs the decoder on the last piece of each row; `[rows, hidden]`, and the pieces' slots in the rows.
  mutating func advance(_ rows: inout [RunningRow]) throws(TorchError) -> Tensor {
    precondition(rows.count <= rowCapacity, "more rows than there is room for")
    let first = stepCount * rowCapacity
    var places: [Int32] = []
    places.reserveCapacity(rows.count * (stepCount + 1))
    var positions: [Int32] = []
    for index in rows.indices {
      rows[index].slots.append(Int32(first + index))
      places += rows[index].slots
      let isUncounted = rows[index].ids.last == rules.uncountedID
      positions.append(
        Int32(isUncounted ? rules.positionOffset - 1 : rules.positionOffset + stepCount))
    }
    let decoder = model.decoder
    let step = DecoderStep(
      firstSlot: first, rowCount: rows.count,
      past: .init(places: places, rowCount: rows.count),
      sources: .init(ranges: rows.map { (row) in ranges[row.source] }),
      bias: try decoder.relativePositions?(
        queries: stepCount..<(stepCount + 1), keyCount: stepCount + 1))
    let ids = try Tensor(rows.map { (row) in row.ids[row.ids.count - 1] })
    var states = try decoder.embeddings(ids: ids, positions: Tensor(positions))  // [rows, hidden]
    for (block, cache) in zip(decoder.blocks, caches) {
      states = try block.step(states, cache, step)
    }
    stepCount += 1
    return try decoder.finalNorm?(states) ?? states
  }
}
