// SPDX-License-Identifier: Apache-2.0

/// Takes little-endian numbers from a mapped file, one after another, never from beyond its end.
struct BinaryReader {
  /// What errors call the file.
  let name: String
  let file: MappedFile
  /// The place of the next byte.
  private(set) var position = 0

  init(_ file: MappedFile, name: String) {
    self.file = file
    self.name = name
  }

  /// How many bytes are left.
  var remaining: Int { file.bytes.count - position }

  /// The next number of a type.
  ///
  /// - Throws: `WordVectorError.Code.format` where the file ends before it is whole.
  mutating func next<Number: BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) throws(WordVectorError) -> Number {
    let size = MemoryLayout<Number>.size
    let start = try take(1, of: size, "a number")
    return file.bytes.loadUnaligned(fromByteOffset: start, as: type)
  }

  /// The next byte as a truth value, which must be 0 or 1.
  mutating func flag(_ what: String) throws(WordVectorError) -> Bool {
    let value = try next(UInt8.self)
    guard value <= 1 else { throw malformed(what, expected: "0 or 1", found: "\(value)") }
    return value == 1
  }

  /// A count that is not negative and for which the file may have enough bytes.
  mutating func count(
    _ what: String, least: Int = 1, from value: Int
  ) throws(WordVectorError) -> Int {
    guard value >= 0 else { throw malformed(what, expected: "0 or more", found: "\(value)") }
    guard value <= remaining / least else { throw tooShort(what, value, least) }
    return value
  }

  /// Passes over `count` things of a size and says where they begin.
  mutating func take(_ count: Int, of size: Int, _ what: String) throws(WordVectorError) -> Int {
    guard count >= 0, count <= remaining / size else { throw tooShort(what, count, size) }
    defer { position += count * size }
    return position
  }

  /// Passes over a text that ends in a zero byte, and says where it is.
  mutating func text(_ what: String) throws(WordVectorError) -> Range<Int> {
    let rest = file.bytes[position...]
    guard let end = rest.firstIndex(of: 0) else {
      throw malformed(what, expected: "a zero byte after it", found: "the end of the file")
    }
    defer { position = end + 1 }
    return position..<end
  }

  func malformed(_ what: String, expected: String, found: String) -> WordVectorError {
    WordVectorError(
      .format, "the model is damaged: \(what)", expected: expected, found: found,
      hint: "fetch or train it again", at: name)
  }

  private func tooShort(_ what: String, _ count: Int, _ size: Int) -> WordVectorError {
    malformed(
      "the file is too short for \(what)", expected: "\(count) times \(size) bytes",
      found: "\(remaining) bytes")
  }
}
