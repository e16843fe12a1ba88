// SPDX-License-Identifier: Apache-2.0

/// A text whose words are numbers of a joint dictionary, in blocks of whole lines.
struct TrainingBlocks: Sendable {
  /// Words after which a block ends, at the next line's end.
  private static let blockSize = 2048
  /// Words after which a line is cut where it does not end; fastText's.
  static let longestLine = 1024

  /// Lines that are worked on together.
  struct Block {
    let source: Int32
    /// How many words it stands for in the progress of training.
    let tokenCount: Int32
    let numbers: Range<Int>
  }

  /// Where the numbers of a source are, and whether lines come in pairs.
  struct Source: Sendable {
    let file: NumberFile
    let isPaired: Bool
    let first: Int
    let second: Int
  }

  private(set) var sources: [Source] = []
  private(set) var blocks: [Block] = []
  private(set) var tokenCount = 0
  /// The most numbers in a block.
  private(set) var largest = 0

  /// - Parameter indices: For each language, the joint number of a word by its serial number; -1 where it is not in the
  ///   dictionary.
  init(_ sources: [TrainingText.Source], _ indices: [[Int32]]) throws(WordVectorError) {
    for source in sources {
      try source.file.flush()
      let file = try NumberFile()
      if let second = source.second {
        try copyPairs(source.file, to: file, [indices[source.first], indices[second]])
      } else {
        try copyLines(source.file, to: file, indices[source.first])
      }
      try file.flush()
      self.sources.append(
        Source(
          file: file, isPaired: source.second != nil, first: source.first,
          second: source.second ?? source.first))
    }
  }

  private mutating func copyLines(
    _ source: NumberFile, to target: NumberFile, _ indices: [Int32]
  ) throws(WordVectorError) {
    var start = 0
    var tokens = 0
    var length = 0
    var reader = NumberReader(source)
    while let number = try reader.next() {
      if number == TrainingText.bareEnd {
        try target.append(number)
        length = 0
      } else if number < 0 {
        let index = indices[Int(~number)]
        try target.append(index < 0 ? TrainingText.bareEnd : ~index)
        tokens += 1
        length = 0
      } else {
        tokens += 1
        let index = indices[Int(number)]
        if index >= 0 {
          try target.append(index)
          length += 1
          if length > Self.longestLine {
            try target.append(TrainingText.bareEnd)
            length = 0
          }
        }
      }
      if length == 0, tokens >= Self.blockSize { add(&start, target.count, &tokens) }
    }
    if target.count > start { add(&start, target.count, &tokens) }
  }

  private mutating func copyPairs(
    _ source: NumberFile, to target: NumberFile, _ indices: [[Int32]]
  ) throws(WordVectorError) {
    var start = 0
    var tokens = 0
    var reader = NumberReader(source)
    while let first = try reader.next() {
      var number = first
      for side in 0..<2 {
        if side == 1 { number = try reader.next() ?? TrainingText.bareEnd }
        while number >= 0 {
          let index = indices[side][Int(number)]
          try target.append(index < 0 ? TrainingText.unknown : index)
          tokens += 1
          number = try reader.next() ?? TrainingText.bareEnd
        }
        let end = number == TrainingText.bareEnd ? -1 : indices[side][Int(~number)]
        try target.append(end < 0 ? TrainingText.bareEnd : ~end)
        tokens += 1
      }
      let links = try reader.next() ?? -1
      try target.append(links)
      for _ in 0..<2 * Int(max(links, 0)) { try target.append(try reader.next() ?? 0) }
      if tokens >= Self.blockSize { add(&start, target.count, &tokens) }
    }
    if target.count > start { add(&start, target.count, &tokens) }
  }

  private mutating func add(_ start: inout Int, _ end: Int, _ tokens: inout Int) {
    blocks.append(
      Block(
        source: Int32(sources.count), tokenCount: Int32(clamping: tokens), numbers: start..<end))
    tokenCount += tokens
    largest = max(largest, end - start)
    (start, tokens) = (end, 0)
  }
}

/// Reads the numbers of a file from its beginning.
private struct NumberReader {
  private static let size = 1 << 16
  private let file: NumberFile
  private let buffer = GrowingBuffer<Int32>(capacity: size)
  private var place = 0
  private var end = 0
  private var done = 0

  init(_ file: NumberFile) { self.file = file }

  @inline(__always) mutating func next() throws(WordVectorError) -> Int32? {
    if place == end {
      let count = min(Self.size, file.count - done)
      guard count > 0 else { return nil }
      try file.read(done..<done + count, into: buffer.start)
      done += count
      (place, end) = (0, count)
    }
    defer { place += 1 }
    return buffer.start[place]
  }
}
