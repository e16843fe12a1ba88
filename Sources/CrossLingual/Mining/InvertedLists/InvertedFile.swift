// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// An index of rows in lists by nearness, in memory: four bytes for each number of a row, and eight for its name.
final class InvertedFile {
  private let library: IndexLibrary
  private let index: UnsafeMutableRawPointer
  private let threads: Int32

  /// An empty index.
  init(_ library: IndexLibrary, width: Int, lists: Int, threads: Int) throws(WordVectorError) {
    var made: UnsafeMutableRawPointer?
    try library.call { library.make(Int32(width), Int32(lists), &made, $0, $1) }
    guard let made else { throw WordVectorError(.data, "the index could not be made") }
    self.library = library
    index = made
    self.threads = Int32(threads)
  }

  deinit { library.free(index) }

  /// Finds the lists' centres.
  func train(_ rows: UnsafePointer<Float>, count: Int) throws(WordVectorError) {
    try library.call { library.train(index, rows, Int64(count), threads, $0, $1) }
  }

  /// Adds rows, which are named in the order in which they come.
  func add(_ rows: UnsafePointer<Float>, count: Int) throws(WordVectorError) {
    try library.call { library.add(index, rows, Int64(count), threads, $0, $1) }
  }

  /// The nearest of each query, one query after the other; -1 where there are no more.
  func search(
    _ queries: UnsafePointer<Float>, count: Int, probes: Int, neighbors: Int,
    values: UnsafeMutablePointer<Float>, names: UnsafeMutablePointer<Int64>
  ) throws(WordVectorError) {
    try library.call {
      library.search(
        index, queries, Int64(count), Int32(probes), Int32(neighbors), threads, values, names, $0,
        $1)
    }
  }
}
