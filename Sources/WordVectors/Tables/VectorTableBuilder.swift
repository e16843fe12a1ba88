// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Gathers words and their vectors, sees to faults, and gives a table of them.
struct VectorTableBuilder {
  let name: String
  let dimension: Int
  let reading: VectorReading
  private(set) var faults = VectorFaults()
  var rows: Int { store.rows }
  private var text: [UInt8] = []
  private var starts: [Int64] = [0]
  private var table = WordTable(capacity: 1 << 10)
  private var store: RowStore

  init(name: String, dimension: Int, expecting count: Int, reading: VectorReading) {
    self.name = name
    self.dimension = dimension
    self.reading = reading
    // A header may promise what the file does not hold: the store grows with what comes.
    store = RowStore(dimension: dimension, expecting: min(count, reading.limit ?? count))
  }

  /// Whether as many rows are there as are wanted.
  var isFull: Bool { rows >= reading.limit ?? .max }

  /// Takes a row; `place` says where it stands, for errors.
  mutating func append(
    _ word: UnsafeBufferPointer<UInt8>, _ vector: UnsafePointer<Float>,
    place: @autoclosure () -> String
  ) throws(WordVectorError) {
    guard !isFull else { return }
    if word.isEmpty {
      try fault("a vector has no word", place(), hint: "a line is a word, a space and its numbers")
      faults.empty += 1
      return
    }
    for column in 0..<dimension where !vector[column].isFinite {
      try fault(
        "the vector of '\(shown(word))' holds a number that is not finite", place(),
        found: "\(vector[column])", hint: "train the vectors again with a lower learning rate")
      faults.notFinite += 1
      return
    }
    if word.contains(0x20) {
      try fault(
        "the word '\(shown(word))' has a space in it", place(),
        hint: "most programs would read it as a word and a number")
      faults.spaces += 1
    }
    let hash = WordHash.of(word)
    let earlier = find(word, hash)
    if earlier >= 0 {
      try fault("the word '\(shown(word))' is there twice", place(), hint: "its first row counts")
      faults.duplicates += 1
      return
    }
    text.append(contentsOf: word)
    starts.append(Int64(text.count))
    table.reserve(rows + 1)
    table.insert(hash, rows) { _ in false }
    try store.append(vector)
  }

  /// The table; `promised` is the header's count, where there is one.
  mutating func finished(promised: Int?) throws(WordVectorError) -> VectorTable {
    if let promised, !isFull {
      let read = rows + faults.duplicates + faults.notFinite + faults.empty
      if read != promised {
        if reading.faults == .refuse {
          throw WordVectorError(
            .format, "the header does not tell the number of vectors",
            expected: "\(promised) vectors", found: "\(read)",
            hint: "the file is cut short or was put together; skip faults to read what is there",
            at: name)
        }
        faults.promised = promised
      }
    }
    guard rows > 0 else {
      throw WordVectorError(.format, "the file has no vectors", expected: "one or more", at: name)
    }
    var result = VectorTable(
      unchecked: WordList(text: text, starts: starts, table: table),
      try store.finished())
    result.faults = faults
    return result
  }

  private func find(_ word: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int {
    text.withUnsafeBufferPointer { text in
      starts.withUnsafeBufferPointer { starts in
        table.index(hash) { other in
          let start = Int(starts[other])
          return Int(starts[other + 1]) - start == word.count
            && text[start..<start + word.count].elementsEqual(word)
        }
      }
    }
  }

  private func shown(_ word: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: word.prefix(60), as: UTF8.self)
  }

  private func fault(
    _ message: String, _ place: String, found: String? = nil, hint: String
  ) throws(WordVectorError) {
    guard reading.faults == .refuse else { return }
    throw WordVectorError(
      .format, message, found: found, hint: "\(hint); skip faults to read the file all the same",
      at: "\(name):\(place)")
  }
}
