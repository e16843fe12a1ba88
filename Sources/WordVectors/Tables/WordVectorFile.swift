// SPDX-License-Identifier: Apache-2.0

import Foundation

/// word2vec's binary file: a header as text, then for each word its bytes, a space and little-endian numbers.
///
/// The first program wrote a line feed after each vector, gensim writes none; both are read.
enum WordVectorFile {
  private static let longestWord = 1 << 16

  /// Whether what follows the header is binary: its first line is not a word and as many numbers as it says.
  static func isBinary(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let (_, dimension, start) = header(bytes) else { return false }
    let rest = bytes[start...]
    guard let end = rest.firstIndex(of: 0x0a), end > start else {
      // Text has line feeds; one vector alone may lack its last.
      return rest.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0d }
        || rest.split(separator: 0x20).count < dimension + 1
    }
    let line = rest[start..<end]
    guard !line.contains(where: { $0 < 0x09 || (0x0e..<0x20).contains($0) || $0 == 0x7f }) else {
      return true
    }
    let fields = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
    let isText = fields.dropFirst().allSatisfy { field in
      field.allSatisfy { (0x20..<0x7f).contains($0) }
    }
    return !(isText && fields.count > 1)
  }

  /// The header's two numbers, and where it ends.
  private static func header(
    _ bytes: UnsafeRawBufferPointer
  ) -> (count: Int, dimension: Int, start: Int)? {
    guard let end = bytes.prefix(64).firstIndex(of: 0x0a) else { return nil }
    let fields = bytes[..<end].split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
      .map { Int(String(decoding: $0, as: UTF8.self)) }
    guard fields.count == 2, let count = fields[0], let dimension = fields[1] else { return nil }
    return (count, dimension, end + 1)
  }

  static func read(
    _ reader: inout BinaryReader, _ reading: VectorReading
  ) throws(WordVectorError) -> VectorTable {
    guard let header = header(reader.file.bytes), header.count >= 0,
      (1...1 << 16).contains(header.dimension)
    else {
      throw WordVectorError(
        .format, "the header is wrong", expected: "the numbers of vectors and of numbers in each",
        at: "\(reader.name):1")
    }
    let (bytes, dimension) = (reader.file.bytes, header.dimension)
    _ = try reader.take(header.start, of: 1, "the header")
    let possible = reader.remaining / (dimension * 4)
    var builder = VectorTableBuilder(
      name: reader.name, dimension: dimension, expecting: min(header.count, possible),
      reading: reading)
    let vector = FloatBuffer(count: dimension)
    var (row, released) = (0, 0)
    while row < header.count, !builder.isFull {
      var start = bytes.count - reader.remaining
      while start < bytes.count, bytes[start] == 0x0a { start += 1 }
      if start == bytes.count { break }
      let window = bytes[start..<min(bytes.count, start + longestWord)]
      guard let end = window.firstIndex(of: 0x20) else {
        throw WordVectorError(
          .format, "a word does not end", expected: "a space behind it, as in word2vec's files",
          found: "\(window.count) bytes without one", at: "\(reader.name), vector \(row + 1)")
      }
      _ = try reader.take(end + 1 - (bytes.count - reader.remaining), of: 1, "a word")
      guard reader.remaining >= dimension * 4 else {
        guard reading.faults == .skip else {
          throw WordVectorError(
            .format, "the file ends within a vector", expected: "\(dimension) numbers",
            found: "\(reader.remaining / 4)", hint: "it is cut short, or its header lies",
            at: "\(reader.name), vector \(row + 1) of \(header.count)")
        }
        break
      }
      let place = try reader.take(dimension, of: 4, "a vector")
      UnsafeMutableRawBufferPointer(vector.elements).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + dimension * 4]))
      row += 1
      if place - released > 1 << 26 {
        reader.file.release(released..<place)
        released = place
      }
      let word = UnsafeRawBufferPointer(rebasing: bytes[start..<end]).bindMemory(to: UInt8.self)
      try builder.append(word, vector.start, place: "vector \(row)")
    }
    if reading.faults == .refuse, !builder.isFull {
      let rest = bytes.suffix(reader.remaining).filter { $0 != 0x0a && $0 != 0x0d }.count
      guard rest == 0 else {
        throw WordVectorError(
          .format, "the file goes on after its last vector", expected: "\(header.count) vectors",
          found: "\(reader.remaining) bytes more", hint: "the header lies", at: reader.name)
      }
    }
    return try builder.finished(promised: header.count)
  }
}
