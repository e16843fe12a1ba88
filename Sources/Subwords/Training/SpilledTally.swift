// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Counts of byte strings in bounded memory: what does not fit is sorted, put aside in a file, and merged at the end.
///
/// The result is the same wherever the tables were cut, so it depends neither on the memory nor on how many
/// threads filled tables of their own.
final class SpilledTally {
  /// The memory for one table, in bytes.
  let limit: Int
  private var tally = ByteTally()
  private var runs: [SortedRun] = []
  private let folder: URL

  /// So many files are merged into one, lest too many stand open in the end.
  private static let mostRuns = 64

  /// - Parameter limit: what the table may take, in bytes.
  init(limit: Int, folder: URL = FileManager.default.temporaryDirectory) {
    self.limit = max(limit, 1 << 16)
    self.folder = folder
  }

  /// Whether nothing has been counted.
  var isEmpty: Bool { tally.count == 0 && runs.isEmpty }

  /// How many files the table was put aside in.
  var runCount: Int { runs.count }

  /// Adds to the count of a string; nothing happens where it is empty.
  @inline(__always)
  func add(_ key: UnsafeBufferPointer<UInt8>, _ count: Int64 = 1) throws(SubwordError) {
    guard let start = key.baseAddress, !key.isEmpty else { return }
    if !tally.hasRoom(for: key.count) { try spill() }
    tally.add(ByteTally.Key(start, key.count), count)
    if tally.memory > limit { try spill() }
  }

  /// Adds 1 to the counts of strings, none of them empty.
  func add(_ keys: UnsafeBufferPointer<ByteTally.Key>) throws(SubwordError) {
    if !tally.hasRoom(for: keys.reduce(0) { $0 + $1.count + 32 }) { try spill() }
    tally.add(keys)
    if tally.memory > limit { try spill() }
  }

  /// Takes over what another one counted.
  func take(_ other: SpilledTally) throws(SubwordError) {
    runs += other.runs
    other.runs = []
    try mergeRuns()
    let table = other.release()
    try table.forEach { (entry) throws(SubwordError) in
      try add(table.bytes(entry), table.count(of: entry))
    }
  }

  private func release() -> ByteTally {
    var table = ByteTally()
    swap(&table, &tally)
    return table
  }

  private func spill() throws(SubwordError) {
    guard tally.count > 0 else { return }
    let run = SortedRun(in: folder)
    try run.write { (write) throws(SubwordError) in
      for entry in tally.sorted() { try write(tally.bytes(entry), tally.count(of: entry)) }
    }
    runs.append(run)
    tally.removeAll()
    try mergeRuns()
  }

  private func mergeRuns() throws(SubwordError) {
    guard runs.count >= Self.mostRuns else { return }
    let run = SortedRun(in: folder)
    try run.write { (write) throws(SubwordError) in
      try SortedRun.merge(runs) { (word, count) throws(SubwordError) in try write(word, count) }
    }
    runs = [run]
  }

  /// Calls back with all words, each once, and their counts.
  ///
  /// - Parameter inOrder: whether they must come in the order of their bytes; without that they come as is quickest.
  func forEach(
    inOrder: Bool = true,
    _ body: (UnsafeBufferPointer<UInt8>, Int64) throws(SubwordError) -> Void
  ) throws(SubwordError) {
    guard runs.isEmpty else {
      try spill()
      // What the table held is in the files now.
      tally = ByteTally()
      return try SortedRun.merge(runs, body)
    }
    if inOrder {
      for entry in tally.sorted() { try body(tally.bytes(entry), tally.count(of: entry)) }
    } else {
      try tally.forEach { (entry) throws(SubwordError) in
        try body(tally.bytes(entry), tally.count(of: entry))
      }
    }
  }
}
