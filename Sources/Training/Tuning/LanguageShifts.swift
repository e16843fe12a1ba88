// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Moves training sentences into the regions of other languages.
///
/// Below the last layers, what says which language a text is in is much the same vector for all text of that
/// language. Adding the difference between two languages' mean states to every token of a source sentence makes
/// it look like the other language to the layers above, which then learn to read labels there too. Only
/// unlabelled text is needed. Layers below those that move must be frozen. Text in which a dictionary replaced words
/// lies between two languages, in a region of its own.
struct LanguageShifts {
  private let probability: Double
  private let destinations: [Int?]
  /// Mean states of the groups and of the other languages, a row each after one of zeros; nil where nothing is moved.
  private let means: (groups: Tensor, others: Tensor)?
  private let count: Int

  /// Mean states; nothing is ever moved where there is no other text.
  ///
  /// - Parameters:
  ///   - groups: the rows that are learned from, by the region that they lie in.
  ///   - destinations: for each group which of the others its rows are moved to; nil for any.
  ///   - others: rows of each other language, none of them without any.
  init(
    _ probability: Double, groups: [[[Int32]]], destinations: [Int?], others: [[[Int32]]],
    _ meanState: ([[Int32]]) throws -> Tensor?
  ) throws {
    self.probability = probability
    guard probability > 0, let first = try others.first.flatMap(meanState) else {
      (means, count, self.destinations) = (nil, 0, [])
      return
    }
    func table(_ parts: [[[Int32]]]) throws -> Tensor {
      let zeros = try Tensor.zeros(first.shape)
      return try .stacked([zeros] + parts.map { $0.isEmpty ? zeros : try meanState($0) ?? zeros })
    }
    means = (try table(groups), try table(others))
    self.destinations = destinations
    count = others.count
  }

  /// States of a batch, `[tokens, hidden]`, each row of text moved or left as it is.
  ///
  /// - Parameter groups: the group of each row, in the rows' own order.
  func apply(
    to states: Tensor, _ batch: PackedBatch, groups: [Int],
    _ generator: inout some RandomNumberGenerator
  ) throws(TorchError) -> Tensor {
    guard let means, count > 0 else { return states }
    var (from, to): ([Int64], [Int64]) = ([], [])
    from.reserveCapacity(batch.tokenCount)
    to.reserveCapacity(batch.tokenCount)
    var position = 0
    for part in batch.groups {
      for _ in 0..<part.rowCount {
        let group = groups[batch.order[position]]
        position += 1
        let isMoved = Double.random(in: 0..<1, using: &generator) < probability
        var place: Int64 = 0
        if isMoved {
          place =
            destinations[group].map { Int64($0) + 1 }
            ?? Int64.random(in: 1...Int64(count), using: &generator)
        }
        from += repeatElement(isMoved ? Int64(group) + 1 : 0, count: part.length)
        to += repeatElement(place, count: part.length)
      }
    }
    return try states.adding(means.others.gathered(0, Tensor(to)))
      .subtracting(means.groups.gathered(0, Tensor(from)))
  }
}
