// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Two sets of vectors in one space, searched from the first to the second.
///
/// All pairs are compared in blocks, so that memory stays the same whatever their number; what is kept is a few numbers for each
/// row. The same input gives the same result with any number of threads, as far as the engine's products are the same.
public struct TranslationSearch: Sendable {
  /// The vectors asked for.
  public let source: VectorMatrix
  /// The vectors that are searched.
  public let target: VectorMatrix
  /// The method.
  public let retrieval: Retrieval
  var blocks: SimilarityBlocks
  let targetRows: ComparedRows
  /// What each target's score is less by, before the source's own; of margins its mean cosine to its nearest.
  let penalties: [Float]
  private let scale: Float

  /// Prepares a search; for all methods but the nearest neighbour, all sources are compared with all targets once.
  ///
  /// - Throws: `WordVectorError.Code.argument` where the vectors' lengths differ, or a setting is not positive.
  public init(
    from source: VectorMatrix, to target: VectorMatrix, by retrieval: Retrieval,
    engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws {
    guard source.columns == target.columns else {
      throw WordVectorError(
        .argument, "the vectors of both sides differ in length",
        expected: "\(source.columns) numbers on both", found: "\(target.columns) in the targets",
        hint: "bring them into one space first")
    }
    self.source = source
    self.target = target
    self.retrieval = retrieval
    blocks = SimilarityBlocks(engine: engine, threads: threads)
    targetRows = ComparedRows(unit: target, threads: threads)
    switch retrieval {
    case .nearest:
      scale = 1
      penalties = []
    case .csls(let neighbors), .margin(let neighbors):
      guard neighbors > 0 else {
        throw WordVectorError(
          .argument, "CSLS and margins need neighbours", expected: "1 or more",
          found: "\(neighbors)")
      }
      scale = 2
      penalties = try Self.means(
        of: targetRows, among: ComparedRows(unit: source, threads: threads), neighbors, blocks)
    case .invertedSoftmax(let beta):
      guard beta > 0 else {
        throw WordVectorError(
          .argument, "the inverse temperature is out of its range", expected: "more than 0",
          found: "\(beta)")
      }
      scale = beta
      penalties = try Self.logSums(
        of: targetRows, over: ComparedRows(unit: source, threads: threads), beta, blocks)
    }
  }

  /// The mean cosine of each row to its nearest ones among others.
  static func means(
    of rows: ComparedRows, among others: ComparedRows, _ neighbors: Int, _ blocks: SimilarityBlocks
  ) throws -> [Float] {
    let lists = BestLists(count: rows.count, limit: min(neighbors, max(others.count, 1)))
    try blocks.forEach(rows, others) { lists.takeRows($0, threads: blocks.threads) }
    return lists.means()
  }

  /// The logarithm of the sum over others of e to the cosine times a number.
  private static func logSums(
    of rows: ComparedRows, over others: ComparedRows, _ beta: Float, _ blocks: SimilarityBlocks
  ) throws -> [Float] {
    var sums = [Double](repeating: 0, count: rows.count)
    try sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      try blocks.forEach(rows, others) { block in
        nonisolated(unsafe) let block = block
        parallelRanges(block.rows.count, threads: blocks.threads) { range in
          for row in range {
            var sum: Double = 0
            for column in 0..<block.columns.count {
              // Less the largest that there can be, so that nothing overflows.
              sum += exp(Double(beta * (block.values[row * block.columns.count + column] - 1)))
            }
            sums[block.rows.lowerBound + row] += sum
          }
        }
      }
    }
    return sums.map { Float(log($0) + Double(beta)) }
  }

  /// The best targets of sources, the best first.
  ///
  /// - Parameters:
  ///   - rows: Rows of the sources; all in their order where it is nil.
  ///   - limit: How many targets for each.
  public func neighbors(of rows: [Int]? = nil, limit: Int) throws -> [[Neighbor]] {
    let queries = ComparedRows(unit: source, indices: rows, threads: blocks.threads)
    let lists = BestLists(count: queries.count, limit: max(1, min(limit, target.rows)))
    let near: BestLists? =
      if case .csls(let neighbors) = retrieval {
        BestLists(count: queries.count, limit: min(neighbors, max(target.rows, 1)))
      } else { nil }
    if let means = try means(ofMargin: queries) {
      try blocks.forEach(queries, targetRows) { block in
        divide(block, means)
        lists.takeRows(block, threads: blocks.threads)
      }
      return (0..<queries.count).map { row in
        lists.entries(row).map { Neighbor(index: $0.index, score: $0.value) }
      }
    }
    let hasPenalties = !penalties.isEmpty
    try penalties.withUnsafeBufferPointer { penalties in
      try blocks.forEach(queries, targetRows) { block in
        near?.takeRows(block, threads: blocks.threads)
        lists.takeRows(
          block, scale: scale, penalties: hasPenalties ? penalties.baseAddress : nil,
          threads: blocks.threads)
      }
    }
    // The source's own part changes no order.
    let own = near?.means()
    return (0..<queries.count).map { row in
      lists.entries(row).map { Neighbor(index: $0.index, score: $0.value - (own?[row] ?? 0)) }
    }
  }

  /// The place of each gold target in the ranking of all targets, from 1; of equal scores the lower row comes first.
  ///
  /// - Parameter pairs: A row of the sources with one of the targets, those of a source together.
  public func ranks(of pairs: [(source: Int, target: Int)]) throws -> [Int] {
    var queries: [Int] = []
    var ranges: [Range<Int>] = []
    for (place, pair) in pairs.enumerated() {
      if queries.last == pair.source, let last = ranges.last {
        ranges[ranges.count - 1] = last.lowerBound..<place + 1
      } else {
        queries.append(pair.source)
        ranges.append(place..<place + 1)
      }
    }
    let rows = ComparedRows(unit: source, indices: queries, threads: blocks.threads)
    let parts = ranges
    let means = try means(ofMargin: rows)
    let threads = blocks.threads
    var counts = [Int](repeating: 1, count: pairs.count)
    var scores = [Float](repeating: 0, count: pairs.count)
    try counts.withUnsafeMutableBufferPointer { counts in
      try scores.withUnsafeMutableBufferPointer { scores in
        nonisolated(unsafe) let (counts, scores) = (counts, scores)
        // The golds' own scores come out of the same product as the others, so that they equal themselves.
        for pass in 0..<2 {
          try blocks.forEach(rows, targetRows) { block in
            nonisolated(unsafe) let block = block
            let width = block.columns.count
            if let means { divide(block, means) }
            parallelRanges(block.rows.count, threads: threads) { range in
              for row in range {
                for place in parts[block.rows.lowerBound + row] {
                  let gold = pairs[place].target
                  let values = block.values + row * width
                  if pass == 0 {
                    guard block.columns.contains(gold) else { continue }
                    scores[place] = score(values[gold - block.columns.lowerBound], gold)
                    continue
                  }
                  let own = scores[place]
                  var better = 0
                  for column in 0..<width {
                    let index = block.columns.lowerBound + column
                    let other = score(values[column], index)
                    if other > own || (other == own && index < gold) { better += 1 }
                  }
                  counts[place] += better
                }
              }
            }
          }
        }
      }
    }
    return counts
  }

  @inline(__always) private func score(_ cosine: Float, _ target: Int) -> Float {
    if case .margin = retrieval { return cosine }
    return penalties.isEmpty ? cosine : scale * cosine - penalties[target]
  }

  /// The mean cosine of each query to its nearest targets, where scores are margins.
  private func means(ofMargin queries: ComparedRows) throws -> [Float]? {
    guard case .margin(let neighbors) = retrieval else { return nil }
    return try Self.means(of: queries, among: targetRows, neighbors, blocks)
  }

  /// Makes margins of a block's cosines.
  private func divide(_ block: SimilarityBlocks.Block, _ means: [Float]) {
    nonisolated(unsafe) let block = block
    let width = block.columns.count
    parallelRanges(block.rows.count, threads: blocks.threads) { range in
      for row in range {
        let (values, own) = (block.values + row * width, means[block.rows.lowerBound + row])
        penalties.withUnsafeBufferPointer { others in
          for column in 0..<width {
            values[column] *= 2 / (own + others[block.columns.lowerBound + column])
          }
        }
      }
    }
  }
}
