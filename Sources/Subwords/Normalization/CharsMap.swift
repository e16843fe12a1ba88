// SPDX-License-Identifier: Apache-2.0

/// sentencepiece's precompiled normalisation rules: a double-array trie over UTF-8 bytes whose values point
/// into a blob of replacement texts that end with a zero.
///
/// Layout: the trie's size in bytes (32 bits, little endian), its units of 32 bits, the blob. A unit holds a
/// label, an offset to its children, and a flag for a value below it (Yata and others, 2007, as in Darts-clone).
struct CharsMap: Sendable {
  private let units: [UInt32]
  private let blob: [UInt8]

  init(_ bytes: [UInt8]) throws(SubwordError) {
    func word(_ index: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
    }
    guard bytes.count >= 4 else {
      throw SubwordError(.format, "the normalisation rules are cut off")
    }
    let size = Int(word(0))
    guard size % 4 == 0, size > 0, size <= bytes.count - 4,
      bytes.last == 0 || size == bytes.count - 4
    else { throw SubwordError(.format, "the normalisation rules are damaged") }
    units = (0..<(size / 4)).map { word(4 + 4 * $0) }
    blob = Array(bytes[(4 + size)...])
  }

  /// A rule that applies at a place: how many bytes it takes, and where its replacement starts.
  struct Match {
    var length: Int
    var value: Int
  }

  /// The shortest or the longest rule whose source the bytes begin with.
  @inline(__always)
  func match(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, longest: Bool) -> Match? {
    var found: Match?
    var node = Self.offset(units[0])
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      // sentencepiece's trie ends keys with a zero, so a zero in the text matches nothing.
      if byte == 0 { break }
      node ^= Int(byte)
      guard node < units.count else { break }
      let unit = units[node]
      guard unit & 0x8000_00ff == UInt32(byte) else { break }
      node ^= Self.offset(unit)
      index += 1
      guard unit >> 8 & 1 == 1, node < units.count else { continue }
      found = Match(length: index - start, value: Int(units[node] & 0x7fff_ffff))
      if !longest { break }
    }
    return found
  }

  /// The replacement's bytes.
  func replacement(_ value: Int) -> ArraySlice<UInt8> {
    guard value < blob.count else { return [] }
    let end = blob[value...].firstIndex(of: 0) ?? blob.endIndex
    return blob[value..<end]
  }

  @inline(__always)
  private static func offset(_ unit: UInt32) -> Int {
    Int((unit >> 10) << ((unit & 1 << 9) >> 6))
  }
}
