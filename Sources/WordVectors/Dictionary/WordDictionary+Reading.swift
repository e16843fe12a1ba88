// SPDX-License-Identifier: Apache-2.0

extension WordDictionary {
  /// Reads the dictionary of a model file.
  init(_ reader: inout BinaryReader, buckets: Int) throws(WordVectorError) {
    let size = Int(try reader.next(Int32.self))
    let words = Int(try reader.next(Int32.self))
    let labels = Int(try reader.next(Int32.self))
    let tokens = try reader.next(Int64.self)
    let prunedCount = try reader.next(Int64.self)
    // An entry has at least its end, a count and a kind.
    let count = try reader.count("its dictionary", least: 10, from: size)
    guard words >= 0, labels >= 0, words + labels == count else {
      throw reader.malformed(
        "the size of its dictionary", expected: "words and labels, \(count) together",
        found: "\(words) and \(labels)")
    }
    var text: [UInt8] = []
    var starts = [0]
    var counts: [Int64] = []
    starts.reserveCapacity(count + 1)
    counts.reserveCapacity(count)
    for index in 0..<count {
      text += reader.file.bytes[try reader.text("a word of its dictionary")]
      starts.append(text.count)
      counts.append(try reader.next())
      let kind = try reader.next(UInt8.self)
      guard kind == (index < words ? 0 : 1) else {
        throw reader.malformed(
          "entry \(index + 1) of its dictionary", expected: index < words ? "a word" : "a label",
          found: "kind \(kind)")
      }
    }
    let pruned = try Self.pruned(&reader, Int(prunedCount), buckets)
    self.init(
      text: text, starts: starts, counts: counts, wordCount: words, tokenCount: tokens,
      pruned: pruned)
  }

  private static func pruned(
    _ reader: inout BinaryReader, _ count: Int, _ buckets: Int
  ) throws(WordVectorError) -> PrunedRows? {
    // Below 0 all n-grams are there; at 0 none is left.
    guard count >= 0 else { return nil }
    let count = try reader.count("its list of kept n-grams", least: 8, from: count)
    var pairs: [(bucket: Int32, row: Int32)] = []
    pairs.reserveCapacity(count)
    for _ in 0..<count {
      let pair = (bucket: try reader.next(Int32.self), row: try reader.next(Int32.self))
      guard pair.bucket >= 0, Int(pair.bucket) < buckets, pair.row >= 0, Int(pair.row) < count
      else {
        throw reader.malformed(
          "its list of kept n-grams", expected: "rows below \(count) for n-grams below \(buckets)",
          found: "row \(pair.row) for n-gram \(pair.bucket)")
      }
      pairs.append(pair)
    }
    return PrunedRows(pairs)
  }

  /// Writes the dictionary as fastText does.
  func write(to sink: inout BinaryWriter) throws {
    try sink.append(Int32(counts.count))
    try sink.append(Int32(wordCount))
    try sink.append(Int32(labelCount))
    try sink.append(tokenCount)
    try sink.append(Int64(pruned?.pairs.count ?? -1))
    for index in counts.indices {
      try sink.append(contentsOf: bytes(index))
      try sink.append(UInt8(0))
      try sink.append(counts[index])
      try sink.append(UInt8(index < wordCount ? 0 : 1))
    }
    for (bucket, row) in pruned?.pairs ?? [] {
      try sink.append(bucket)
      try sink.append(row)
    }
  }
}
