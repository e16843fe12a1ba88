// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// The nearest by an inverted file of each side, one after the other: most of them, in a fraction of the comparisons.
struct IndexedNearestRows: NearestRows {
  let library: IndexLibrary
  let settings: InvertedLists
  let threads: Int
  /// Rows that are added, or looked for, at a time.
  private let blockSize = 8192

  func find(
    _ left: ComparedRows, _ right: ComparedRows, forward: BestLists, backward: BestLists,
    progress: (Int) -> Void
  ) throws {
    try look(for: left, among: right, into: forward, progress)
    try look(for: right, among: left, into: backward, progress)
  }

  private func look(
    for queries: ComparedRows, among rows: ComparedRows, into lists: BestLists,
    _ progress: (Int) -> Void
  ) throws {
    guard queries.count > 0, rows.count > 0 else { return }
    let index = try filled(rows, progress)
    let values = FloatBuffer(count: blockSize * lists.limit)
    let names = UnsafeMutablePointer<Int64>.allocate(capacity: blockSize * lists.limit)
    defer { names.deallocate() }
    try forEachBlock(queries) { block, numbers in
      try index.search(
        numbers, count: block.count, probes: settings.probes(for: rows.count),
        neighbors: lists.limit, values: values.start, names: names)
      for (place, query) in block.enumerated() {
        for entry in place * lists.limit..<(place + 1) * lists.limit where names[entry] >= 0 {
          lists.take(values.start[entry], Int(names[entry]), into: query)
        }
      }
      progress(block.count)
    }
  }

  /// An index of all rows; what it was trained on is let go of before they are added.
  private func filled(_ rows: ComparedRows, _ progress: (Int) -> Void) throws -> InvertedFile {
    let lists = settings.lists(for: rows.count)
    let width = rows.matrix.columns
    let index = try InvertedFile(library, width: width, lists: lists, threads: threads)
    do {
      let sample = sample(of: rows, count: min(rows.count, lists * InvertedLists.trainingRows))
      try index.train(sample.start, count: sample.count / max(width, 1))
    }
    try forEachBlock(rows) { block, numbers in
      try index.add(numbers, count: block.count)
      progress(block.count)
    }
    return index
  }

  /// Rows at even distances.
  private func sample(of rows: ComparedRows, count: Int) -> FloatBuffer {
    let width = rows.matrix.columns
    let sample = FloatBuffer(count: count * width)
    for place in 0..<count {
      let row = place * rows.count / count
      rows.copy(row..<row + 1, into: sample.start + place * width, threads: 1)
    }
    rows.matrix.release()
    return sample
  }

  private func forEachBlock(
    _ rows: ComparedRows, _ body: (Range<Int>, UnsafePointer<Float>) throws -> Void
  ) throws {
    let numbers = FloatBuffer(count: min(blockSize, rows.count) * rows.matrix.columns)
    for start in stride(from: 0, to: rows.count, by: blockSize) {
      let block = start..<min(rows.count, start + blockSize)
      rows.copy(block, into: numbers.start, threads: threads)
      rows.release(block)
      try body(block, UnsafePointer(numbers.start))
    }
  }
}
