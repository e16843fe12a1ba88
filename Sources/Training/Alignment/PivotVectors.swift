// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// Where the frozen body has the sources of pairs.
struct PivotVectors {
  /// One vector of length one per source, `[sources, width]`.
  let vectors: Tensor
  /// The mean squared distance of the vectors to their mean.
  let spread: Double
  /// For each source, others that are near it.
  private let near: [[Int]]

  /// The vectors of sources.
  ///
  /// - Parameters:
  ///   - rows: token ids of the sources.
  ///   - base: the frozen body.
  ///   - negativeCount: how many near sources each one keeps, for hard negatives.
  ///   - progress: is told of the tokens of each batch.
  /// - Throws: `TrainingError` where all sources are alike.
  init(
    _ rows: [[Int32]], _ base: TextEncoder, negativeCount: Int, progress: (Int) -> Void
  ) throws {
    vectors = try base.embed(rows, progress: progress)
    let squares = try vectors.subtracting(vectors.mean([0])).power(2).sum([1]).mean().item()
    guard squares > 1e-9 else {
      throw TrainingError(
        .plan,
        "an alignment needs sources whose vectors differ, found \(rows.count) that are all alike")
    }
    spread = squares
    near =
      negativeCount > 0 ? try Self.nearest(vectors, count: min(negativeCount, rows.count - 1)) : []
  }

  /// The vectors of words of sources, `[words, width]`; nil for none.
  ///
  /// - Parameter places: the number of each word's source, and its tokens.
  static func words(
    _ rows: [[Int32]], _ places: [LinkedWords.Place], _ base: TextEncoder
  ) throws -> Tensor? {
    let bySource = Dictionary(grouping: places.indices) { places[$0].source }
    let numbers = bySource.keys.sorted()
    guard !places.isEmpty else { return nil }
    let result = try Tensor.zeros([places.count, base.width])
    let encoder = try base.encoder.packed()
    try GradientMode.disabled {
      for indices in TokenBatches(lengths: numbers.map { rows[$0].count }) {
        let sources = indices.map { numbers[$0] }
        let batch = try PackedBatch(sources.map { rows[$0] }, for: encoder.configuration)
        let own = sources.enumerated().flatMap { row, source in
          (bySource[source] ?? []).map { (place: $0, row: row) }
        }
        let words = own.map { (row: $0.row, tokens: places[$0.place].tokens) }
        guard let vectors = try WordPooling.vectors(encoder(batch), batch, words) else { continue }
        try result.copy(rows: vectors, at: Tensor(own.map { Int64($0.place) }))
      }
    }
    return result
  }

  /// Near sources of some, each once, without those themselves.
  func negatives(of numbers: [Int]) -> [Int] {
    guard !near.isEmpty else { return [] }
    var seen = Set(numbers)
    return numbers.flatMap { near[$0] }.filter { seen.insert($0).inserted }
  }

  private static func nearest(_ vectors: Tensor, count: Int) throws -> [[Int]] {
    let (rows, block) = (vectors.shape[0], 1024)
    let transposed = try vectors.transposed()
    var result: [[Int]] = []
    for start in stride(from: 0, to: rows, by: block) {
      let length = min(block, rows - start)
      let cosines = try vectors.narrowed(0, start: start, length: length).matmul(transposed)
      let found = try cosines.largest(count + 1).indices.elements(as: Int64.self)
      for row in 0..<length {
        let indices = found[row * (count + 1)..<(row + 1) * (count + 1)].map { Int($0) }
        result.append(Array(indices.filter { $0 != start + row }.prefix(count)))
      }
    }
    return result
  }
}
