// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// What several requests ask of a body, each different piece of work once.
struct SharedPass {
  /// Rows that belong together, and which features are read from them.
  struct Item {
    var rows: [TokenRow]
    /// The index of the adapters that they use, or nil for none.
    var choice: Int?
    var readers: [(request: Int, feature: Int)]

    var tokenCount: Int { rows.reduce(0) { $0 + $1.ids.count } }
  }

  private struct Key: Hashable {
    var rows: [TokenRow]
    var choice: Int?
  }

  private(set) var items: [Item] = []
  /// The different adapters.
  private(set) var compositions: [AdapterComposition] = []

  init(_ requests: [any PendingRequest]) {
    var places: [Key: Int] = [:]
    for (number, request) in requests.enumerated() {
      let choice = request.adapters.map { index(of: $0) }
      for feature in 0..<request.featureCount {
        let rows = request.rows(of: feature)
        let key = Key(rows: rows, choice: choice)
        if let place = places[key] {
          items[place].readers.append((number, feature))
        } else {
          places[key] = items.count
          items.append(Item(rows: rows, choice: choice, readers: [(number, feature)]))
        }
      }
    }
  }

  private mutating func index(of composition: AdapterComposition) -> Int {
    if let known = compositions.firstIndex(where: { $0.isSame(as: composition) }) { return known }
    compositions.append(composition)
    return compositions.count - 1
  }
}

extension AdapterComposition {
  /// Whether another is of the same adapters in the same order; of averages, fusions and splits it does not say so.
  fileprivate func isSame(as other: AdapterComposition) -> Bool {
    switch (self, other) {
    case (.single(let left), .single(let right)): left === right
    case (.stack(let left), .stack(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    default: false
    }
  }
}

/// The body's states of some items.
struct SharedStates {
  private let states: Tensor
  private let batch: PackedBatch
  /// For each item, the number of its first row.
  private let firstRows: [Int]

  /// Runs the body over the items' rows.
  init(_ items: [SharedPass.Item], _ compositions: [AdapterComposition], _ body: Encoder) throws {
    var first = 0
    firstRows = items.map { item in
      defer { first += item.rows.count }
      return first
    }
    let rows = items.flatMap(\.rows)
    let ids = rows.map(\.ids)
    let types = rows.contains { $0.types.contains { $0 != 0 } } ? rows.map(\.types) : nil
    guard items.contains(where: { $0.choice != nil }) else {
      batch = try PackedBatch(ids, typeRows: types, for: body.configuration)
      states = try body(batch)
      return
    }
    let choices = items.flatMap { item in item.rows.map { _ in item.choice } }
    let packed = try AdapterRows(ids, using: choices, typeRows: types, for: body.configuration)
    batch = packed.batch
    states = try body.adapted(by: packed.composition(compositions))(batch)
  }

  /// The states of some items' rows as another batch lays them, `[tokens, hidden]`.
  ///
  /// - Parameters:
  ///   - items: the items, whose rows one after the other are the batch's as given.
  ///   - other: the batch.
  ///   - lengths: the lengths of its rows as given.
  func callAsFunction(
    of items: [Int], for other: PackedBatch, lengths: [Int], rowCounts: [Int]
  ) throws(TorchError) -> Tensor {
    var starts: [Int] = []
    for (item, count) in zip(items, rowCounts) {
      starts += (0..<count).map { batch.firstTokens[firstRows[item] + $0] }
    }
    var tokens: [Int64] = []
    for row in other.order {
      tokens += (starts[row]..<(starts[row] + lengths[row])).map(Int64.init)
    }
    let isAll = tokens.count == batch.tokenCount && tokens.indices.allSatisfy { tokens[$0] == $0 }
    return isAll ? states : try states.gathered(0, Tensor(tokens))
  }
}
