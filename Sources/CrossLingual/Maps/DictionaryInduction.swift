// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// How a dictionary is read off two sets of vectors in one space.
public struct DictionaryInduction: Sendable, Hashable {
  /// Which nearest neighbours become pairs.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// Each source word with its best target.
    case forward
    /// Each target word with its best source.
    case backward
    /// Both of these, one after the other.
    case union
    /// Those pairs that are each other's best.
    case mutual
  }

  /// Which neighbours become pairs.
  public var direction = Direction.union
  /// Neighbours of CSLS; 0 for plain cosines.
  public var neighbors = 10
  /// So many words from the start of each side become pairs; nil for all.
  public var vocabulary: Int?
  /// Whether the best is looked for among all words, as in MUSE, or among those that become pairs, as in vecmap.
  public var searchesAll = false

  /// vecmap's way: both directions, CSLS with 10 neighbours.
  public init() {}

  /// The pairs that were found.
  struct Induced {
    var pairs: [(source: Int, target: Int)] = []
    /// The mean, over words of both sides, of the largest cosine.
    var objective = 0.0
  }

  /// Reads off pairs; vectors have length 1 here.
  ///
  /// - Parameter keep: The probability with which each possible pair is looked at.
  func induce(
    _ x: VectorMatrix, _ z: VectorMatrix, keep: Double = 1, seed: UInt64 = 0, round: Int = 0,
    engine: any MatrixEngine, threads: Int
  ) throws -> Induced {
    let limit = vocabulary ?? .max
    let scope = searchesAll ? Int.max : limit
    let left = ComparedRows(plain: x, limit: scope)
    let right = ComparedRows(plain: z, limit: scope)
    var blocks = CachedBlocks(SimilarityBlocks(engine: engine, threads: threads))
    let size = max(neighbors, 1)
    let rows = BestLists(count: left.count, limit: min(size, max(right.count, 1)))
    let columns = BestLists(count: right.count, limit: min(size, max(left.count, 1)))
    try blocks.forEach(left, right) { block in
      rows.takeRows(block, threads: threads)
      columns.takeColumns(block, threads: threads)
    }
    let (leftLimit, rightLimit) = (min(limit, left.count), min(limit, right.count))
    var result = Induced()
    func best(_ lists: BestLists, _ count: Int) -> Double {
      (0..<count).reduce(0) { $0 + Double(max(lists.values[$1 * lists.limit], -2)) }
        / Double(max(count, 1))
    }
    let (ahead, back) = (best(rows, leftLimit), best(columns, rightLimit))
    result.objective =
      switch direction {
      case .forward: ahead
      case .backward: back
      case .union, .mutual: (ahead + back) / 2
      }
    // Half the mean: CSLS divided by two and without the part that changes no order.
    let halves = (
      rows.means().map { neighbors > 0 ? $0 / 2 : 0 },
      columns.means().map { neighbors > 0 ? $0 / 2 : 0 }
    )
    func mask(_ side: Int) -> DropoutMask? {
      keep < 1
        ? DropoutMask(keeping: keep, seed: seed, stream: UInt64(round * 2 + side)) : nil
    }
    let forward = BestLists(count: left.count, limit: 1)
    let backward = BestLists(count: right.count, limit: 1)
    try halves.0.withUnsafeBufferPointer { rowHalves in
      try halves.1.withUnsafeBufferPointer { columnHalves in
        // MUSE looks at the commonest words of one side with all of the other: the rest need not be multiplied again.
        try blocks.forEach(
          left, right,
          where: { rows, columns in
            (direction != .backward && rows.lowerBound < leftLimit)
              || (direction != .forward && columns.lowerBound < rightLimit)
          }
        ) { block in
          if direction != .backward, block.rows.lowerBound < leftLimit {
            forward.takeRows(
              block, penalties: columnHalves.baseAddress, mask: mask(0), threads: threads)
          }
          if direction != .forward, block.columns.lowerBound < rightLimit {
            backward.takeColumns(
              block, penalties: rowHalves.baseAddress, mask: mask(1), threads: threads)
          }
        }
      }
    }
    let forwards = (0..<leftLimit).compactMap { row -> (source: Int, target: Int)? in
      let index = forward.indices[row]
      return index < 0 ? nil : (row, Int(index))
    }
    let backwards = (0..<rightLimit).compactMap { row -> (source: Int, target: Int)? in
      let index = backward.indices[row]
      return index < 0 ? nil : (Int(index), row)
    }
    switch direction {
    case .forward: result.pairs = forwards
    case .backward: result.pairs = backwards
    case .union: result.pairs = forwards + backwards
    case .mutual:
      result.pairs = forwards.filter {
        $0.target < rightLimit && Int(backward.indices[$0.target]) == $0.source
      }
    }
    return result
  }
}

/// Blocks of similarities that are kept for a second time where they are few.
struct CachedBlocks {
  private static let limit = 1 << 26

  private let blocks: SimilarityBlocks
  private var kept: [(rows: Range<Int>, columns: Range<Int>, values: FloatBuffer)] = []

  init(_ blocks: SimilarityBlocks) { self.blocks = blocks }

  /// Goes over blocks; the same two sets of rows each time, and all blocks the first time.
  mutating func forEach(
    _ left: ComparedRows, _ right: ComparedRows,
    where isWanted: (Range<Int>, Range<Int>) -> Bool = { _, _ in true },
    _ body: (SimilarityBlocks.Block) throws -> Void
  ) throws {
    guard left.count * right.count <= Self.limit else {
      return try blocks.forEach(left, right, where: isWanted, body)
    }
    guard kept.isEmpty else {
      for block in kept where isWanted(block.rows, block.columns) {
        try body(.init(rows: block.rows, columns: block.columns, values: block.values.start))
      }
      return
    }
    var found = kept
    try blocks.forEach(left, right) { block in
      let copy = FloatBuffer(count: block.rows.count * block.columns.count)
      copy.start.update(from: block.values, count: copy.count)
      found.append((block.rows, block.columns, copy))
      try body(block)
    }
    kept = found
  }
}
