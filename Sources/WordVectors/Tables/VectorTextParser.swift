// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads vectors as text: a header of two numbers, then a word and its numbers a line.
///
/// It takes the file in pieces of any size. A file without a header, as GloVe writes, is read too: its first line is
/// a word with two numbers or more. A word is what stands before the last numbers, as many as a vector has.
struct VectorTextParser {
  private let name: String
  private let reading: VectorReading
  private var builder: VectorTableBuilder?
  private var promised: Int?
  private var line = 0
  private var rest: [UInt8] = []

  init(name: String, reading: VectorReading) {
    self.name = name
    self.reading = reading
  }

  /// Whether as many vectors are there as are wanted.
  var isFull: Bool { builder?.isFull ?? false }

  /// Takes the next piece of the file.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>) throws(WordVectorError) {
    guard let lastBreak = piece.lastIndex(of: 0x0a) else {
      rest.append(contentsOf: piece)
      return
    }
    var start = 0
    if !rest.isEmpty {
      let end = piece.firstIndex(of: 0x0a) ?? lastBreak
      rest.append(contentsOf: piece[0...end])
      try take(rest)
      rest.removeAll(keepingCapacity: true)
      start = end + 1
    }
    if start <= lastBreak {
      try lines(UnsafeBufferPointer(rebasing: piece[start...lastBreak]))
    }
    rest.append(contentsOf: piece[(lastBreak + 1)...])
  }

  /// The table, after the last piece.
  mutating func finish() throws(WordVectorError) -> VectorTable {
    if !rest.isEmpty, !isFull {
      let last = rest
      rest = []
      try take(last)
    }
    guard var builder else {
      throw WordVectorError(
        .format, "the file has no vectors", expected: "a header and a line for each word", at: name)
    }
    self.builder = nil
    return try builder.finished(promised: promised)
  }

  private mutating func take(_ bytes: [UInt8]) throws(WordVectorError) {
    let copy = MemoryCopy(bytes)
    try lines(UnsafeBufferPointer(start: copy.start, count: copy.count))
  }

  /// Takes whole lines; numbers are worked out by several threads, words are put in by one.
  private mutating func lines(_ text: UnsafeBufferPointer<UInt8>) throws(WordVectorError) {
    guard let base = text.baseAddress else { return }
    var ranges: [Range<Int>] = []
    var start = 0
    func take() throws(WordVectorError) {
      if builder == nil, let first = ranges.first {
        try begin(base, first)
        if promised != nil { ranges.removeFirst() }
      }
      try rows(base, ranges)
      ranges.removeAll(keepingCapacity: true)
    }
    while start < text.count {
      let found = memchr(base + start, 0x0a, text.count - start)
      let end =
        found.map { base.distance(to: $0.assumingMemoryBound(to: UInt8.self)) } ?? text.count
      ranges.append(start..<end)
      start = end + 1
      if ranges.count >= 1 << 13 {
        try take()
        if isFull { return }
      }
    }
    try take()
  }

  /// Sees from the first line what the file is.
  private mutating func begin(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>
  ) throws(WordVectorError) {
    var fields = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
      .split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
    if line == 0, fields.first?.starts(with: [0xef, 0xbb, 0xbf]) == true {
      fields[0] = fields[0].dropFirst(3)
    }
    let numbers = fields.map { Int(String(decoding: $0, as: UTF8.self)) }
    if fields.count == 2, let count = numbers[0], let dimension = numbers[1] {
      guard count >= 0, (1...1 << 16).contains(dimension) else {
        throw WordVectorError(
          .format, "the header is wrong", expected: "the numbers of vectors and of numbers in each",
          found: "\(count) and \(dimension)", at: "\(name):1")
      }
      promised = count
      line = 1
      builder = VectorTableBuilder(
        name: name, dimension: dimension, expecting: count, reading: reading)
      return
    }
    guard fields.count >= 3 else {
      throw WordVectorError(
        .format, "the file does not hold vectors as text",
        expected: "a header of two numbers, or a word and its numbers",
        found: String(decoding: base.bytes(range).prefix(60), as: UTF8.self), at: "\(name):1")
    }
    builder = VectorTableBuilder(
      name: name, dimension: fields.count - 1, expecting: 1 << 12, reading: reading)
  }

  /// Where a line's word ends, and what is wrong with its numbers, if anything is.
  private struct ParsedLine {
    var wordCount = 0
    var fault: String?
  }

  private mutating func rows(
    _ base: UnsafePointer<UInt8>, _ ranges: [Range<Int>]
  ) throws(WordVectorError) {
    guard !ranges.isEmpty, var builder else { return }
    self.builder = nil
    defer { self.builder = builder }
    let dimension = builder.dimension
    let buffer = FloatBuffer(count: ranges.count * dimension)
    nonisolated(unsafe) let (source, numbers) = (base, buffer.start)
    let parsed = Array(ranges.indices).mapInParallel(threads: reading.threads, chunkSize: 256) {
      Self.parse(source, ranges[$0], dimension, into: numbers + $0 * dimension)
    }
    for (index, range) in ranges.enumerated() {
      line += 1
      // Some programs end the file, or its header, with an empty line.
      if range.isEmpty || (range.count == 1 && base[range.lowerBound] == 0x0d) { continue }
      if let fault = parsed[index].fault {
        guard !builder.isFull else { return }
        throw WordVectorError(
          .format, "the line is no vector", expected: "a word and \(dimension) numbers",
          found: fault, hint: "the header or the line is wrong", at: "\(name):\(line)")
      }
      try builder.append(
        UnsafeBufferPointer(start: base + range.lowerBound, count: parsed[index].wordCount),
        numbers + index * dimension, place: "\(line)")
    }
  }

  private static func parse(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ dimension: Int,
    into numbers: UnsafeMutablePointer<Float>
  ) -> ParsedLine {
    func isBlank(_ place: Int) -> Bool {
      base[place] == 0x20 || base[place] == 0x09 || base[place] == 0x0d
    }
    // From the end on: the word may hold spaces, the numbers do not.
    var end = range.upperBound
    for column in stride(from: dimension - 1, through: 0, by: -1) {
      while end > range.lowerBound, isBlank(end - 1) { end -= 1 }
      var start = end
      while start > range.lowerBound, !isBlank(start - 1) { start -= 1 }
      guard start > range.lowerBound else {
        return ParsedLine(fault: "\(dimension - 1 - column) numbers")
      }
      guard let number = DecimalNumber.parse(base + start, base + end) else {
        let text = String(decoding: base.bytes(start..<min(end, start + 40)), as: UTF8.self)
        return ParsedLine(fault: "'\(text)' as number \(column + 1)")
      }
      numbers[column] = Float(number)
      end = start
    }
    return ParsedLine(wordCount: end - 1 - range.lowerBound)
  }
}

extension UnsafePointer<UInt8> {
  /// The bytes of a range.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: self + range.lowerBound, count: range.count)
  }
}
