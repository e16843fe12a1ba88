// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Koine's file of vectors, which opens at once: all of it is used where it stands.
///
/// Little-endian: `KOINEVEC`, version 1, the number of words, numbers in a vector and bytes of all words (each 8 bytes); where
/// each word begins and the last ends (8 bytes each); the words end to end; zeros up to a multiple of 64; the numbers, in
/// single precision, row after row.
enum MappedVectors {
  static let magic = Array("KOINEVEC".utf8)
  static let version: Int64 = 1

  static func open(_ file: MappedFile, name: String) throws(WordVectorError) -> VectorTable {
    var reader = BinaryReader(file, name: name)
    _ = try reader.take(magic.count, of: 1, "its name")
    let version = try reader.next(Int64.self)
    guard version == Self.version else {
      throw WordVectorError(
        .format, "the file's version is not known", expected: "\(Self.version)",
        found: "\(version)", at: name)
    }
    let count = try reader.count(
      "the number of words", least: 8, from: Int(try reader.next(Int64.self)))
    let dimension = Int(try reader.next(Int64.self))
    guard count > 0, (1...1 << 16).contains(dimension) else {
      throw reader.malformed(
        "its shape", expected: "words and numbers in each vector",
        found: "\(count) and \(dimension)")
    }
    let size = try reader.count("the words", from: Int(try reader.next(Int64.self)))
    let starts = try reader.take(count + 1, of: 8, "the words' places")
    let text = try reader.take(size, of: 1, "the words")
    _ = try reader.take((64 - reader.position % 64) % 64, of: 1, "the gap before the numbers")
    let numbers = try reader.take(count, of: dimension * 4, "the numbers")
    guard reader.remaining == 0, let base = file.bytes.baseAddress else {
      throw reader.malformed(
        "its length", expected: "nothing after the numbers", found: "\(reader.remaining) bytes")
    }
    let places = (base + starts).bindMemory(to: Int64.self, capacity: count + 1)
    // Words are read without a check later: their places must lie within the text.
    var last: Int64 = 0
    for index in 0...count {
      guard places[index] >= last, places[index] <= Int64(size) else {
        throw reader.malformed(
          "the place of word \(index + 1)", expected: "\(last) to \(size)",
          found: "\(places[index])")
      }
      last = places[index]
    }
    return VectorTable(
      unchecked: WordList(
        text: (base + text).bindMemory(to: UInt8.self, capacity: max(size, 1)), starts: places,
        count: count, owner: file),
      VectorMatrix(
        (base + numbers).bindMemory(to: Float.self, capacity: count * dimension), rows: count,
        columns: dimension, owner: file))
  }
}
