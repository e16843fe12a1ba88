// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Who finds the nearest rows of the other side, for each row of both sides.
protocol NearestRows {
  /// Fills the lists of the sources' nearest targets and of the targets' nearest sources.
  ///
  /// - Parameter progress: is told how much has been done since the last call, of `BitextMiner.work`.
  func find(
    _ left: ComparedRows, _ right: ComparedRows, forward: BestLists, backward: BestLists,
    progress: (Int) -> Void
  ) throws
}

/// The nearest by comparing every row with every other, in blocks.
struct ComparedNearestRows: NearestRows {
  let engine: any MatrixEngine
  let threads: Int
  /// Rows of a block on the right, and a quarter of those on the left.
  let blockSize: Int

  func find(
    _ left: ComparedRows, _ right: ComparedRows, forward: BestLists, backward: BestLists,
    progress: (Int) -> Void
  ) throws {
    var blocks = SimilarityBlocks(engine: engine, threads: threads)
    blocks.blockSize = blockSize
    blocks.leftBlockSize = 4 * blockSize
    blocks.releasesRows = true
    try blocks.forEach(left, right) { block in
      forward.takeRows(block, threads: threads)
      backward.takeColumns(block, threads: threads)
      progress(block.rows.count * block.columns.count)
    }
  }
}
